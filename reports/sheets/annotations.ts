// Writes a check as GitHub's workflow commands, which show at lines of the budgets file.

import type { CheckResult, CheckedLimit } from '../../src/budgets/check.js';
import { metricOf } from '../../src/metrics/table.js';
import { visible } from '../../src/visible.js';
import { metricText } from '../text/metricText.js';
import { budgetsRows, networkOf } from './checkSheet.js';
import { foundText } from './forbiddenSheet.js';

/**
 * One line for each limit that does not hold and each forbidden finding that is there, then the
 * summary as a notice. (GitHub, "Workflow commands for GitHub Actions".)
 */
export function annotations(result: CheckResult): string {
  const { failed, summary } = budgetsRows(result);
  const lines = [
    ...failed.map((verdict) => command('error', verdict.place, limitTitle(verdict), limitText(verdict))),
    ...result.findings
      .filter(({ found }) => found)
      .map((finding) => command('error', finding.place, `forbidden: ${finding.audit}`, foundText(finding))),
    ...result.warnings.map((text) => command('warning', result.budgets, 'flopscope check', text)),
    command('notice', result.budgets, 'flopscope check', summary),
  ];
  return `${lines.join('\n')}\n`;
}

const limitTitle = ({ metric, network }: CheckedLimit): string => `${network}: ${metricOf(metric).title}`;

const limitText = (verdict: CheckedLimit): string => {
  const { metric, value, limit, allows, excess, result } = verdict;
  const most = `${allows === 'most' ? 'at most' : 'at least'} ${metricText(metric, limit)}`;
  const what = `${networkOf(verdict)}: ${metricOf(metric).title} is ${metricText(metric, value)}`;
  return result === 'cannot tell'
    ? `${what}, which cannot be told from the limit, ${most}`
    : `${what} where ${most} is allowed, ${metricText(metric, excess)} too ${allows === 'most' ? 'much' : 'little'}`;
};

/** A place is "file:line:column", a file, or a flag, which has no line. */
function command(level: 'error' | 'warning' | 'notice', place: string, title: string, text: string): string {
  const [, file = place, line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  const where = file.startsWith('--')
    ? []
    : [`file=${property(file)}`, ...(line === undefined ? [] : [`line=${line}`, `col=${column!}`])];
  return `::${level} ${[...where, `title=${property(title)}`].join(',')}::${escaped(text)}`;
}

/** The runner ends a command at the end of its line, and reads %XX. */
const escaped = (text: string): string =>
  visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
