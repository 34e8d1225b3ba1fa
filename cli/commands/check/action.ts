// flopscope check: compares networks with their budgets. Exit code 1 where one exceeds them.

import { budgetsRows, checkSheet, failureSheet } from '../../../reports/sheets/checkSheet.js';
import type { Baseline } from '../../../src/budgets/baseline.js';
import { forbiddenSheet } from '../../../reports/sheets/forbiddenSheet.js';
import type { CheckResult } from '../../../src/budgets/check.js';
import { forbiddable, type PlacedAudit } from '../../../src/budgets/forbidden.js';
import { checkFile } from '../../../src/files/checkFile.js';
import { forAll } from '../../../src/inputError.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { CheckFailed } from './checkFailed.js';
import { print, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';
import { writeResult } from '../../output/writeResult.js';

export interface CheckOptions extends TrainingFlags {
  readonly allowUnknown: boolean;
  readonly updateBaseline: boolean;
  readonly strict: boolean;
  /** Names of audits, separated by commas. */
  readonly forbid?: string;
  readonly format: Format | 'junit' | 'github';
  /** Where the result is written; absent where it is printed. */
  readonly output?: string;
}

/** @throws CheckFailed after the result is printed, where a limit does not hold */
export async function checkCommand(path: string, options: CheckOptions, screen: Screen): Promise<void> {
  const { result, baseline, baselinePath } = await checkFile(path, {
    ...options,
    trained: trainingOf(options),
    forbid: options.forbid === undefined ? [] : await auditsOf(options.forbid),
  });
  if (options.updateBaseline) await keep(baseline, baselinePath, screen);
  await printResult(result, options.format, screen);
  if (!result.passed) throw new CheckFailed(saysVerdict(options) ? '' : budgetsRows(result).summary);
}

/** Whether the printed result begins with the verdict, so that no further line need say it. */
const saysVerdict = ({ format, output }: CheckOptions): boolean =>
  output === undefined && (format === 'table' || format === 'markdown');

const auditsOf = (names: string): Promise<readonly PlacedAudit[]> =>
  forAll(names.split(','), (name) => ({ audit: forbiddable(name.trim()), place: '--forbid' }));

async function keep(baseline: Baseline, path: string, screen: Screen): Promise<void> {
  const { baselineJson } = await import('../../../src/records/budgets/baselineJson.js');
  await writeResult(path, baselineJson(baseline));
  const partly = [...baseline].filter(([, { lowerBound }]) => lowerBound).map(([key]) => key);
  const bound =
    partly.length > 0 ? `, at least: ${partly.join(', ')} ${partly.length === 1 ? 'is' : 'are'} not counted whole` : '';
  screen.err(
    `${path}: what ${baseline.size} ${baseline.size === 1 ? 'network costs' : 'networks cost'} now${bound}; commit it\n`,
  );
}

async function printResult(result: CheckResult, format: CheckOptions['format'], screen: Screen): Promise<void> {
  if (format === 'junit') {
    screen.out((await import('../../../reports/sheets/junit.js')).junit(result));
    return;
  }
  if (format === 'markdown') {
    screen.out((await import('../../../reports/sheets/checkMarkdown.js')).checkMarkdown(result));
    return;
  }
  if (format === 'github') {
    screen.out((await import('../../../reports/sheets/annotations.js')).annotations(result));
    return;
  }
  const forbidden = forbiddenSheet(result);
  const limits = result.limits.length > 0 || forbidden === undefined;
  await print(format, result, () => (limits ? checkSheet(result) : forbidden), screen);
  if (limits && forbidden !== undefined && (format === 'table' || format === 'latex')) {
    screen.out('\n');
    await print(format, result, () => forbidden, screen);
  }
  if (format === 'table')
    for (const failure of budgetsRows(result).failed) {
      const sheet = failureSheet(failure);
      if (sheet === undefined) continue;
      screen.out('\n');
      await print(format, result, () => sheet, screen);
    }
}
