// Tells from the arguments whether a command opens engines.

/** Commands that measure without a flag. */
const ALWAYS: readonly string[] = ['measure', 'guidelines', 'explain'];
/** Flags with which they measure nothing. */
const COUNTS_OR_SHOWS: readonly string[] = ['--no-measure', '--from', '--runs', '--times'];

/** Such a command works in a process of its own: the libraries of engines write to its streams. */
export function isMeasuring(args: readonly string[]): boolean {
  if (args.includes('--measure')) return true;
  if (args.some((arg) => COUNTS_OR_SHOWS.includes(arg.split('=')[0]!))) return false;
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (command === 'device') return args.includes('calibrate');
  // Of the studies, two measure unless they are told not to.
  const study = args.includes('osa') || args.includes('guidelines');
  return ALWAYS.includes(command) || (command === 'study' && study);
}
