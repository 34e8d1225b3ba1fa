// Counts a model of Keras that a test wrote: the last shape, parameters and multiply-adds.

import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { kerasModel } from '../../../src/importers/keras/readKeras.js';
import type { ReadOptions } from '../../../src/importers/modelFile.js';
import type { Data } from './keras3.js';

/** As after a way through a file: no undefined, no shared objects. */
const stored = (model: Data): Data => JSON.parse(JSON.stringify(model)) as Data;

export const profileOf = (model: Data, options: ReadOptions = {}): Profile =>
  profile(graphOf(kerasModel(stored(model), 'm.keras', options)), { source: 'tfjs' });

export interface Counted {
  readonly params: number;
  readonly multAdds: number;
  readonly shape: readonly number[];
}

export function countsOf(model: Data): Counted {
  const { totals, layers } = profileOf(model);
  return { params: totals.params, multAdds: totals.multAdds, shape: layers.at(-1)!.outShape };
}
