// flopscope reconcile: explains why tools disagree on a model, or where a figure comes from.

import { counterSheet } from '../../../reports/sheets/counterSheet.js';
import { originSheet } from '../../../reports/sheets/originSheet.js';
import { reconcileSheet } from '../../../reports/sheets/reconcileSheet.js';
import { trainingCountersSheet } from '../../../reports/sheets/trainingCountersSheet.js';
import { implementationOf } from '../../../src/counters/implementation.js';
import { graphOf } from '../../../src/model.js';
import { trainingCounters } from '../../../src/training/counters.js';
import { fileNotes } from '../../../src/training/fileNotes.js';
import { tapeFrom } from '../../../src/training/training.js';
import { originOf } from '../../../src/counters/likely.js';
import { reconcile, type Counted, type Reconciliation } from '../../../src/counters/reconcile.js';
import { InputError } from '../../../src/inputError.js';
import { nearestNames } from '../../../src/nearest.js';
import { trainingOf } from '../../flags/trainingOptions.js';
import { print, type Format } from '../../output/format.js';
import { imageSize, modelNamed } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface ReconcileOptions {
  readonly allowUnknown: boolean;
  readonly training?: boolean;
  readonly freeze?: readonly string[];
  readonly given?: string;
  readonly counter?: string;
  readonly input?: string;
  readonly batch?: number;
  readonly format: Format;
}

export async function reconcileCommand(name: string, options: ReconcileOptions, screen: Screen): Promise<void> {
  const { given, counter, batch, format } = options;
  if (given !== undefined && counter !== undefined)
    throw new InputError('--given looks for the counter itself: leave out --counter');
  if (given !== undefined && batch !== undefined && batch > 1)
    throw new InputError('--given tries the usual batches itself: leave out --batch');
  const trained = trainingOf(options);
  const model = await modelNamed(name, options);
  const input = imageSize(options.input, model);
  const result = reconcile(model, batch, input);
  if (trained) {
    if (given !== undefined || counter !== undefined)
      throw new InputError('--training has counters of its own: leave out --given and --counter');
    const implementation = implementationOf(model);
    const tape = tapeFrom(graphOf(model, batch, input), implementation, trained);
    const counted = trainingCounters(tape, implementation);
    const notes = fileNotes(tape.graph, model.source);
    return print(format, { ...result, training: counted }, () => trainingCountersSheet(counted, notes), screen);
  }
  if (given !== undefined) {
    const origin = originOf(given, model, input);
    return print(format, { ...result, given: origin }, () => originSheet(origin, result), screen);
  }
  if (counter === undefined) return print(format, result, () => reconcileSheet(result), screen);
  const counted = counterNamed(counter, result);
  await print(format, { ...result, counters: [counted] }, () => counterSheet(result, counted), screen);
}

function counterNamed(name: string, { counters }: Reconciliation): Counted {
  const found = counters.find(({ counter }) => counter === name);
  if (found) return found;
  const known = counters.map(({ counter }) => counter);
  throw new InputError(`there is no counter "${name}"${nearestNames(name, known)} (of ${known.join(', ')})`);
}
