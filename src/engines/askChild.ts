// Asks a script that may crash, in a child process with a time limit.

import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Long enough for a GPU driver to compile its first kernels. */
const TIMEOUT_MS = 90_000;
const MOST_SAID = 4096;

/**
 * Never throws.
 * @param scripts where the script may be; the first that exists runs
 * @param what its arguments
 * @param broken the answer where it crashes, hangs or is missing
 */
export function askChild<Answer>(
  scripts: readonly URL[],
  what: readonly string[],
  broken: (problem: string) => Answer,
  environment: NodeJS.ProcessEnv = {},
): Promise<Answer> {
  const script = scripts.map((url) => fileURLToPath(url)).find(existsSync);
  if (script === undefined)
    return Promise.resolve(broken('the script that tries it is missing: npm run build makes it'));
  return new Promise((resolve) => {
    const child = fork(script, what, {
      env: { ...process.env, ...environment },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-MOST_SAID)));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(broken(`it gave no answer within ${TIMEOUT_MS / 1000} s`));
    }, TIMEOUT_MS);
    child.on('message', (answer) => {
      resolve(answer as Answer);
    });
    child.on('error', ({ message }) => {
      resolve(broken(`it cannot be tried: ${message}`));
    });
    // After an answer this has no effect. 'close' follows the end of all output.
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const last = said.trim().split('\n').at(-1) ?? '';
      resolve(broken(`it crashed (${signal ?? `exit code ${String(code)}`})${last === '' ? '' : `: ${last}`}`));
    });
  });
}
