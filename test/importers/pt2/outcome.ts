// What becomes of a spoilt exported program: it is counted, or refused in one sentence. Anything else is a fault.

import { bytesSource } from '../../../src/importers/modelFile.js';
import { readPt2 } from '../../../src/importers/pt2/readPt2.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

export type Outcome = 'counted' | 'refused';

const LONGEST = 1000;

/** @throws whatever the reader should not have thrown, and an Error for a total or a sentence that must not be */
export function outcomeOf(bytes: Uint8Array): Outcome {
  const outcomes = [false, true].map((allowUnknown) => readAs(bytes, allowUnknown));
  return outcomes.includes('counted') ? 'counted' : 'refused';
}

function readAs(bytes: Uint8Array, allowUnknown: boolean): Outcome {
  try {
    const { totals } = profile(graphOf(readPt2(bytesSource(bytes), 'net.pt2', { allowUnknown })));
    const { params, multAdds, flops, activations, memoryAccess } = totals;
    for (const total of [params, multAdds, flops, activations, ...Object.values<number>({ ...memoryAccess })])
      if (!Number.isSafeInteger(total) || total < 0) throw new Error(`a total is ${total}`);
    return 'counted';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message } = error;
    if (!/^net\.pt2: /.test(message)) throw new Error(`nameless: ${message}`);
    if (message.length > LONGEST || /[\n\r]|\[object|undefined|TypeError|RangeError/.test(message))
      throw new Error(`no sentence: ${message.slice(0, LONGEST)}`);
    return 'refused';
  }
}
