// The table of forbidden findings: a row for each audit and network, and what was found.

import { allSides } from '../../src/inputSize.js';
import { by } from '../text/number.js';
import type { CheckResult } from '../../src/budgets/check.js';
import type { CheckedFinding } from '../../src/budgets/forbidden.js';
import { counted } from '../../src/plural.js';
import { abbreviate } from '../../src/visible.js';
import { sheet, type AnySheet } from './sheet.js';

/** "1 of 3 forbidden findings is there"; undefined where nothing is forbidden. */
export function forbiddenSummary({ findings, found }: Pick<CheckResult, 'findings' | 'found'>): string | undefined {
  if (findings.length === 0) return undefined;
  const all = counted(findings.length, 'forbidden finding');
  if (found === 0) return findings.length === 1 ? `the ${all.slice(2)} is not there` : `none of ${all} is there`;
  return `${found} of ${all} ${found === 1 ? 'is' : 'are'} there`;
}

/** undefined where nothing is forbidden. */
export function forbiddenSheet(result: CheckResult): AnySheet | undefined {
  const { findings } = result;
  const title = forbiddenSummary(result);
  if (title === undefined) return undefined;
  return sheet<CheckedFinding>({
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    columns: [
      { key: 'network', title: 'network', align: 'left', value: networkOf, show: networkOf },
      { key: 'finding', title: 'forbidden finding', align: 'left', value: ({ audit }) => audit },
      { key: 'found', title: 'found', align: 'left', value: ({ found }) => (found ? 'yes' : 'no') },
      { key: 'layers', title: 'layers', align: 'right', value: ({ layers }) => layers.length },
      { key: 'evidence', title: 'evidence', align: 'left', hidden: true, value: ({ evidence }) => evidence },
      { key: 'place', title: 'place', align: 'left', hidden: true, value: ({ place }) => place },
    ],
    rows: findings,
    mark: ({ found }) => (found ? 'forbidden' : undefined),
    notes: findings.flatMap((finding) => (finding.found ? [foundText(finding)] : [])),
  });
}

const networkOf = ({ network, input }: CheckedFinding): string => `${abbreviate(network)}, ${by(allSides(input))}`;

/** "densenet121, dense-aggregation: 58 concats make ... Fix: ... (file:4:5)" */
export const foundText = ({ network, audit, evidence, fix, place }: CheckedFinding): string =>
  `${abbreviate(network)}, ${audit}: ${evidence ?? ''} Fix: ${fix ?? ''} (${place})`;
