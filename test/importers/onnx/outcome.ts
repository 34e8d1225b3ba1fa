// What comes of reading bytes as an ONNX model? Totals, or one sentence; anything else is a fault of the reader.

import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

export type Outcome = 'counted' | 'refused';

const LONGEST = 1000;

/** @throws whatever the reader should not have thrown, and an Error for a total or a sentence that must not be */
export function outcomeOf(bytes: Uint8Array): Outcome {
  try {
    const { totals } = profile(graphOf(readOnnx(bytesSource(bytes), 'net.onnx')), { source: 'onnx' });
    const { params, multAdds, flops, activations, memoryAccess } = totals;
    for (const total of [params, multAdds, flops, activations, ...Object.values<number>({ ...memoryAccess })])
      if (!Number.isSafeInteger(total) || total < 0) throw new Error(`a total is ${total}`);
    return 'counted';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message } = error;
    if (!/^net\.onnx: /.test(message)) throw new Error(`nameless: ${message}`);
    if (message.length > LONGEST || /[\n\r]|\[object|undefined|TypeError|RangeError/.test(message))
      throw new Error(`no sentence: ${message.slice(0, LONGEST)}`);
    return 'refused';
  }
}
