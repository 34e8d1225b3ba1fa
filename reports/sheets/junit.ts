// Writes a check as JUnit XML: a suite per network, a case per limit and forbidden finding.

import type { CheckResult, CheckedLimit } from '../../src/budgets/check.js';
import { growth } from '../../src/budgets/contributors.js';
import type { CheckedFinding } from '../../src/budgets/forbidden.js';
import { metricOf } from '../../src/metrics/table.js';
import { blame, networkOf, untoldNotes } from './checkSheet.js';
import { foundText } from './forbiddenSheet.js';
import { lowerBoundNote } from './lowerBound.js';
import { metricText, unitText } from '../text/metricText.js';
import { xml, type XmlElement } from '../text/xml.js';

interface Case {
  /** Its suite. */
  readonly network: string;
  readonly name: string;
  readonly failure?: { readonly message: string; readonly type: string };
  /** What stands in the test's output, and what in its errors. */
  readonly said?: string;
  readonly doubts?: readonly string[];
}

export function junit({ limits, findings, budgets }: CheckResult): string {
  const cases = [...limits.map(caseOfLimit), ...findings.map(caseOfFinding)];
  const networks = [...new Set(cases.map(({ network }) => network))];
  return xml({
    name: 'testsuites',
    attributes: { name: 'flopscope check', ...countsOf(cases) },
    inside: networks.map((network) => {
      const own = cases.filter((one) => one.network === network);
      return {
        name: 'testsuite',
        attributes: { name: network, ...countsOf(own) },
        inside: own.map((one) => element(one, budgets)),
      };
    }),
  });
}

const countsOf = (cases: readonly Case[]) => ({
  tests: cases.length,
  failures: cases.filter(({ failure }) => failure).length,
  ...{ errors: 0, skipped: 0 },
});

const element = ({ network, name, failure, said = '', doubts = [] }: Case, file: string): XmlElement => ({
  name: 'testcase',
  attributes: { classname: network, name, file },
  inside: [
    ...(failure ? [{ name: 'failure', attributes: { ...failure } }] : []),
    ...(said === '' ? [] : [{ name: 'system-out', inside: said }]),
    ...(doubts.length === 0 ? [] : [{ name: 'system-err', inside: doubts.join('\n') }]),
  ],
});

const caseOfLimit = (verdict: CheckedLimit): Case => ({
  network: networkOf(verdict),
  name: `${metricOf(verdict.metric).title}, budget ${verdict.budget}`,
  doubts: [
    ...(verdict.lowerBound ? [lowerBoundNote(verdict.lowerBound, verdict.network)] : []),
    ...untoldNotes({ limits: [verdict] }),
  ],
  ...(verdict.passed ? {} : { failure: { message: failure(verdict), type: 'budget' }, said: reasons(verdict) }),
});

const caseOfFinding = (finding: CheckedFinding): Case => ({
  network: networkOf(finding),
  name: `forbidden finding ${finding.audit}`,
  ...(finding.found
    ? {
        failure: { message: foundText(finding), type: 'finding' },
        said: [finding.title, ...finding.layers].join('\n'),
      }
    : {}),
});

function failure({ metric, value, limit, allows, excess, place, result }: CheckedLimit): string {
  if (result === 'cannot tell')
    return `${metricText(metric, value)} cannot be told from the limit, ${metricText(metric, limit)} (${place})`;
  const [is, asked] = allows === 'most' ? ['over', 'at most'] : ['below', 'at least'];
  return `${metricText(metric, value)} where ${asked} ${metricText(metric, limit)} is allowed: ${metricText(metric, excess)} ${is} the limit (${place})`;
}

function reasons(verdict: CheckedLimit): string {
  const { contributors } = verdict;
  if (contributors === null || contributors.parts.length === 0) return '';
  const { why, unit, parts } = contributors;
  const lines = parts.map((part) =>
    why === 'grew' ? `${part.name} +${unitText(unit, growth(part))}` : `${part.name} ${unitText(unit, part.value)}`,
  );
  return [blame(verdict), ...lines].join('\n');
}
