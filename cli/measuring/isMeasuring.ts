// Tells from the arguments whether a command opens engines.

/** Commands that measure without a flag. */
const ALWAYS: readonly string[] = ['measure', 'guidelines', 'study', 'explain'];

/** Such a command works in a process of its own: the libraries of engines write to its streams. */
export const isMeasuring = (args: readonly string[]): boolean =>
  args.includes('--measure') || ALWAYS.includes(args.find((arg) => !arg.startsWith('-')) ?? '');
