#!/usr/bin/env node
// flopscope's command line: arguments -> command -> exit code.

import { isMeasuring } from './measuring/isMeasuring.js';
import { VERSION } from '../src/version.js';

// A reader such as head or less may close the pipe early. That is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Modules are loaded by what the arguments ask for: a version needs none of them. */
async function exitCodeOf(args: readonly string[]): Promise<number> {
  if (args.length === 1 && ['--version', '-v', '-V'].includes(args[0]!)) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { processScreen } = await import('./screen.js');
  if (isMeasuring(args)) return (await import('./measuring/supervisor.js')).supervised(args, processScreen());
  return (await import('./run.js')).run(args, processScreen());
}

process.exitCode = await exitCodeOf(process.argv.slice(2));
