// Orders calls so that each runs after those that it reads, in file order where that holds.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';

/** What ordering needs to know of a call. */
export interface Ordered {
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly string[];
}

/**
 * @param given keys of graph inputs and stored tensors
 * @param title names a call in a message, such as `node "a" (Conv)`
 * @throws InputError for a call that reads what nothing makes, makes what exists, or waits for
 * itself
 */
export function ordered<C extends Ordered>(
  calls: readonly C[],
  given: { has(key: string): boolean },
  title: (call: C) => string,
): readonly C[] {
  const makers = makersOf(calls, given, title);
  const sources = calls.map((call) => {
    const keys = call.inputs.filter((key): key is string => key !== undefined && key !== '' && !given.has(key));
    return new Set(keys.map((key) => makerOf(key, call, makers, title)));
  });
  if (sources.every((all, i) => [...all].every((maker) => maker < i))) return calls;
  const waiting = sources.map(({ size }) => size);
  const readers = calls.map((): number[] => []);
  sources.forEach((all, i) => {
    for (const maker of all) readers[maker]!.push(i);
  });
  const ready = calls.flatMap((_, i) => (waiting[i] === 0 ? [i] : []));
  for (let next = 0; next < ready.length; next++)
    for (const reader of readers[ready[next]!]!) if (--waiting[reader]! === 0) ready.push(reader);
  if (ready.length === calls.length) return ready.map((i) => calls[i]!);
  const done = new Set(ready);
  const stuck = calls.find((_, i) => !done.has(i))!;
  throw new InputError(`${title(stuck)} waits for its own output: the graph has a cycle`);
}

function makersOf<C extends Ordered>(
  calls: readonly C[],
  given: { has(key: string): boolean },
  title: (call: C) => string,
): ReadonlyMap<string, number> {
  const makers = new Map<string, number>();
  calls.forEach((call, i) => {
    for (const key of call.outputs) {
      if (key === '') continue;
      if (makers.has(key) || given.has(key))
        throw new InputError(`${title(call)} makes ${shown(key)}, which exists already`);
      makers.set(key, i);
    }
  });
  return makers;
}

function makerOf<C extends Ordered>(
  key: string,
  call: C,
  makers: ReadonlyMap<string, number>,
  title: (call: C) => string,
): number {
  const maker = makers.get(key);
  if (maker === undefined) throw new InputError(`${title(call)} reads ${shown(key)}, which nothing makes`);
  return maker;
}
