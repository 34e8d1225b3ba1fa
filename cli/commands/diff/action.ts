// flopscope diff: what does one version of a network cost more than another, layer by layer?

import { diffSheet, sameSentence } from '../../../reports/sheets/diffSheet.js';
import type { DiffView } from '../../../reports/sheets/diffView.js';
import { diff } from '../../../src/diff/diff.js';
import { movedBy } from '../../../src/diff/groups.js';
import { print, type Format } from '../../output/format.js';
import { modelNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface DiffOptions extends DiffView {
  readonly allowUnknown: boolean;
  readonly input?: string;
  readonly batch?: number;
  readonly format: Format;
}

export async function diffCommand(before: string, after: string, options: DiffOptions, screen: Screen): Promise<void> {
  const { input, batch, by, format } = options;
  const first = profileAt(await modelNamed(before, options), batch, input);
  const second = profileAt(await modelNamed(after, options), batch, input);
  const matched = diff(first, second);
  const same = sameSentence(matched.diff);
  if (same !== undefined && (format === 'table' || format === 'markdown')) {
    screen.out(`${same}\n`);
    return;
  }
  const json = by === 'layer' ? matched.diff : { ...matched.diff, groups: movedBy(matched.rows, by) };
  const view = { ...options, renamed: format === 'csv' };
  await print(format, json, () => diffSheet(matched, view), screen);
}
