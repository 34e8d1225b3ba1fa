// flopscope formula: the cost of a model as polynomials in n, h, w and fields of its config.

import { formulaSheet } from '../../../reports/sheets/formulaSheet.js';
import { blockModel, blockModelNames } from '../../../src/blockModels.js';
import { formula } from '../../../src/formula/formula.js';
import { graphOf } from '../../../src/model.js';
import type { Point } from '../../../src/formula/point.js';
import { InputError } from '../../../src/inputError.js';
import { fileNotes } from '../../../src/training/fileNotes.js';
import { trainingFormula } from '../../../src/training/forms.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { print, type Format } from '../../output/format.js';
import { modelNamed } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface FormulaOptions extends TrainingFlags {
  readonly allowUnknown: boolean;
  readonly symbol?: readonly string[];
  readonly at?: string;
  readonly format: Format;
}

export async function formulaCommand(name: string, options: FormulaOptions, screen: Screen): Promise<void> {
  const model = blockModel(name) ?? (await modelNamed(name, { ...options, others: blockModelNames() }));
  const symbols = pairs(options.symbol ?? [], '--symbol', 'growth=g');
  const point = pairs((options.at ?? '').split(',').filter(Boolean), '--at', 'h=224,w=224,n=1');
  const trained = trainingOf(options);
  const at = numbers(point);
  const result = trained ? trainingFormula(model, symbols, at, trained) : formula(model, symbols, at);
  const notes = trained ? fileNotes(graphOf(model), model.source) : {};
  await print(options.format, { ...result, ...notes }, () => formulaSheet(result, notes), screen);
}

/** "a=b" entries as a record, each left side once. */
function pairs(entries: readonly string[], flag: string, example: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const entry of entries.flatMap((text) => text.split(',')).filter(Boolean)) {
    const [key = '', value = '', ...rest] = entry.split('=').map((part) => part.trim());
    if (key === '' || value === '' || rest.length > 0)
      throw new InputError(`${flag} ${entry} is not name=value: write it as in ${flag} ${example}`);
    if (found.has(key)) throw new InputError(`${flag} names ${key} twice: give it once`);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

function numbers(point: Record<string, string>): Point {
  return Object.fromEntries(
    Object.entries(point).map(([key, text]): [string, number | string] => {
      if (/^[A-Za-z]|^[0-9]+\/[0-9]+$/.test(text)) return [key, text];
      const value = Number(text);
      if (!/^[0-9]*\.?[0-9]+$/.test(text) || value > Number.MAX_SAFE_INTEGER || value === 0)
        throw new InputError(
          `--at ${key}=${text} is neither a positive number in digits, up to ${Number.MAX_SAFE_INTEGER}, nor a fraction such as 3/4, nor another symbol`,
        );
      return [key, value];
    }),
  );
}
