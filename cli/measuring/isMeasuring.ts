// Tells from the arguments whether a command opens engines.

/** Commands whose answer is a time. All others measure with --measure alone. */
const ALWAYS: readonly string[] = ['measure', 'explain'];
/** Flags with which they read times instead. */
const READS_TIMES: readonly string[] = ['--runs', '--times'];

/** Such a command works in a process of its own: the libraries of engines write to its streams. */
export function isMeasuring(args: readonly string[]): boolean {
  if (args.includes('--measure')) return true;
  if (args.some((arg) => READS_TIMES.includes(arg.split('=')[0]!))) return false;
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  return ALWAYS.includes(command) || (command === 'device' && args.includes('calibrate'));
}
