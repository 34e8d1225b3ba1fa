#!/usr/bin/env node
// flopscope's command line: arguments -> command -> exit code.

import { isMeasuring } from './measuring/isMeasuring.js';
import { run } from './run.js';
import { processScreen } from './screen.js';

// A reader that has seen enough (head, less) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const args = process.argv.slice(2);
process.exitCode = isMeasuring(args)
  ? await (await import('./measuring/supervisor.js')).supervised(args, processScreen())
  : await run(args, processScreen());
