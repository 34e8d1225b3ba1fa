#!/usr/bin/env node
// flopscope's command line: arguments -> command -> exit code.

import { run } from './run.js';
import { processScreen } from './screen.js';

// A reader that has seen enough (head, less) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processScreen());
