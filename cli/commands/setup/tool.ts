// Runs pip, npm or a compiler as a child process, and keeps the reason of a failure.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Screen } from '../../screen.js';
import { SetupFailure } from './setupFailure.js';

export interface ToolCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** "pip could not give the wheel": how the sentence of a failure begins. */
  readonly failed: string;
  /** The remedy if the command is missing. */
  readonly missing: string;
}

const KEPT = 100_000;
const running = new Set<ChildProcess>();
/** A process group of its own, so that child processes of the tool end with it. */
const GROUPED = process.platform !== 'win32';

/** @throws SetupFailure when the command is missing or fails */
export function call({ command, args, folder, failed, missing }: ToolCall, screen: Screen): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text: Buffer): void => {
      said = (said + text.toString()).slice(-KEPT);
      if (screen.progress === 'bar') screen.err(text.toString());
    };
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: GROUPED });
    running.add(child);
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error: NodeJS.ErrnoException) => {
      running.delete(child);
      const reason = error.code === 'ENOENT' ? `${command} is not on the PATH; ${missing}` : error.message;
      reject(new SetupFailure(`${failed}: ${reason}`));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve();
      else
        reject(
          new SetupFailure(`${failed}: ${reasonIn(said) ?? `it ended with ${signal ?? `exit code ${String(code)}`}`}`),
        );
    });
  });
}

/** Ends the running tool and all its children, which would go on writing. */
export async function endCalls(): Promise<void> {
  const ended = [...running].map(async (child) => {
    const gone = once(child, 'exit');
    if (GROUPED && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
    await gone;
  });
  await Promise.allSettled(ended);
}

/**
 * The line that names the cause: the first with a network error, else the last that calls itself an
 * error.
 */
export function reasonIn(said: string): string | undefined {
  const lines = said.split('\n').map((line) => line.trim());
  const network = lines.find((line) => /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT/.test(line));
  const line = network ?? lines.findLast((line) => /\berror\b/i.test(line)) ?? lines.findLast((line) => line !== '');
  return line?.replace(/^(npm error|error:|npm ERR!)\s*/i, '');
}
