// Writes a check as Markdown: the verdict, then what fails and why; the rest is folded.

import type { CheckResult, CheckedLimit } from '../../src/budgets/check.js';
import { growth } from '../../src/budgets/contributors.js';
import { metricOf } from '../../src/metrics/table.js';
import { adviceOn, blame, boundsOf, budgetsRows, networkOf, ofLimit, trainingsOf, untoldNotes } from './checkSheet.js';
import { foundText } from './forbiddenSheet.js';
import { escapeMarkdown } from '../text/markdown.js';
import { metricText, unitText } from '../text/metricText.js';
import { abbreviate, visible } from '../../src/visible.js';

export function checkMarkdown(result: CheckResult): string {
  const { failed, passing, summary } = budgetsRows(result);
  return [
    `**flopscope: ${result.passed ? 'passed' : 'failed'}**, ${code(summary)}`,
    '',
    ...[...boundsOf(result), ...trainingsOf(result), ...untoldNotes(result)].flatMap((text) => [
      `- ${escapeMarkdown(text)}`,
      '',
    ]),
    ...(failed.length === 0
      ? []
      : [
          ...table(failed, true),
          '',
          ...failed.flatMap(reason),
          ...adviceOn(result).map((text) => `- ${escapeMarkdown(text)}`),
          '',
        ]),
    ...result.findings.flatMap((finding) => (finding.found ? [`- ${escapeMarkdown(foundText(finding))}`, ''] : [])),
    ...(passing.length === 0
      ? []
      : [
          `<details><summary>${passing.length} ${passing.length === 1 ? 'limit holds' : 'limits hold'}</summary>`,
          '',
          ...table(passing, false),
          '',
          '</details>',
          '',
        ]),
    ...(result.warnings.length === 0
      ? []
      : [...result.warnings.map((text) => `- warning, ${escapeMarkdown(text)}`), '']),
  ].join('\n');
}

/** Escapes a name, so that it has no markup, link or mention. */
const code = (text: string): string => `\`${visible(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;

function table(rows: readonly CheckedLimit[], excess: boolean): readonly string[] {
  return [
    `| network | metric | value | limit | budget | ${excess ? 'excess' : 'of limit'} |`,
    '| :--- | :--- | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => {
      const { metric, value, limit, budget, allows } = row;
      const last = excess ? `**${metricText(metric, row.excess)}**` : ofLimit(row);
      const most = `${allows === 'most' ? '' : '&ge; '}${metricText(metric, limit)}`;
      return `| ${code(networkOf(row))} | ${metricOf(metric).title} | ${metricText(metric, value)} | ${most} | ${budget} | ${last} |`;
    }),
  ];
}

/** One line: the layers behind a limit that fails. */
function reason(verdict: CheckedLimit): readonly string[] {
  const { contributors, network } = verdict;
  if (contributors === null || contributors.parts.length === 0) return [];
  const { why, unit, parts } = contributors;
  const named = parts.map((part) => {
    const amount = why === 'grew' ? `+${unitText(unit, growth(part))}` : unitText(unit, part.value);
    return `${code(abbreviate(part.name, 48))} ${amount}${why === 'grew' && part.baseline === 0 ? ' (new)' : ''}`;
  });
  return [`- ${code(abbreviate(network))}, ${blame(verdict)}: ${named.join(', ')}`];
}
