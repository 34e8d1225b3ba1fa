// What comes of reading a text as a network? Totals, or one sentence that begins with the file; anything else is a fault.

import { InputError } from '../../src/inputError.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile } from '../../src/profile.js';

const LONGEST = 1500;

/** @throws whatever the reader should not have thrown, and an Error for a total or a sentence that must not be */
export function textOutcome(
  read: (text: string, name: string) => Model,
  text: string,
  name: string,
): 'counted' | 'refused' {
  try {
    const { params, multAdds, flops, activations, memoryAccess } = profile(graphOf(read(text, name))).totals;
    for (const total of [params, multAdds, flops, activations, ...Object.values<number>({ ...memoryAccess })])
      if (!Number.isSafeInteger(total) || total < 0) throw new Error(`a total is ${total}`);
    return 'counted';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message } = error;
    if (!message.startsWith(`${name}:`)) throw new Error(`nameless: ${message}`);
    if (message.length > LONGEST || /[\n\r]|\[object|undefined|NaN|TypeError|RangeError/.test(message))
      throw new Error(`no sentence: ${message.slice(0, LONGEST)}`);
    return 'refused';
  }
}
