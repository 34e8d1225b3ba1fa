// Says what becomes of a spoilt model of Keras: it is counted, or refused in one sentence.

import { InputError } from '../../../src/inputError.js';
import { readKerasArchive, readKerasHdf5 } from '../../../src/importers/keras/readKeras.js';
import { bytesSource, type ReadOptions } from '../../../src/importers/modelFile.js';
import { readTfjs } from '../../../src/importers/tfjs/readTfjs.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

export type Outcome = 'counted' | 'refused';

const LONGEST = 1000;

/** JSON, an archive or HDF5, by the first byte. */
function read(bytes: Uint8Array, options: ReadOptions): Model {
  if (bytes[0] === 0x7b) return readTfjs(new TextDecoder().decode(bytes), 'net.json', () => undefined, options);
  return bytes[0] === 0x50
    ? readKerasArchive(bytesSource(bytes), 'net.keras', options)
    : readKerasHdf5(bytesSource(bytes), 'net.h5', options);
}

/** @throws an Error for a total or a sentence that must not be, and every fault of the reader */
export function outcomeOf(bytes: Uint8Array): Outcome {
  const outcomes = [false, true].map((allowUnknown) => outcomeOfModel(() => read(bytes, { allowUnknown })));
  return outcomes.includes('counted') ? 'counted' : 'refused';
}

/** @throws the same */
export function outcomeOfModel(open: () => Model): Outcome {
  try {
    const { params, multAdds, flops, activations } = profile(graphOf(open())).totals;
    for (const total of [params, multAdds, flops, activations])
      if (!Number.isSafeInteger(total) || total < 0) throw new Error(`a total is ${total}`);
    return 'counted';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message } = error;
    if (message.length > LONGEST || /[\n\r]|\[object|TypeError|RangeError/.test(message))
      throw new Error(`no sentence: ${message.slice(0, LONGEST)}`);
    return 'refused';
  }
}
