// In which order can steps run? Each after those that it reads, and else as they stand.

/**
 * @param sourcesOf keys of the steps that a step reads
 * @param missing what to throw for a key that is no step's, and `circle` for steps that wait for each other
 */
export function ordered<T>(
  steps: ReadonlyMap<string, T>,
  sourcesOf: (step: T) => readonly string[],
  missing: (step: T, key: string) => Error,
  circle: (step: T, source: T) => Error,
): readonly T[] {
  const done: T[] = [];
  const state = new Map<T, 'open' | 'done'>();
  for (const first of steps.values()) {
    if (state.has(first)) continue;
    // A stack of its own: a chain of 100,000 steps is deeper than that of the machine.
    const stack = [{ step: first, sources: sourcesOf(first), next: 0 }];
    state.set(first, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { step, sources } = top;
      const key = sources[top.next++];
      if (key === undefined) {
        state.set(step, 'done');
        done.push(step);
        stack.pop();
        continue;
      }
      const source = steps.get(key);
      if (source === undefined) throw missing(step, key);
      if (state.get(source) === 'open') throw circle(step, source);
      if (state.get(source) === 'done') continue;
      state.set(source, 'open');
      stack.push({ step: source, sources: sourcesOf(source), next: 0 });
    }
  }
  return done;
}
