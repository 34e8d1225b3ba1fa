// How is pip, npm or a compiler called? As a child process whose words a person may follow, and whose reason is kept.

import { spawn } from 'node:child_process';
import type { Screen } from '../screen.js';
import { SetupFailure } from './setupFailure.js';

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** "pip could not give the wheel": how the sentence of a failure begins. */
  readonly failed: string;
  /** What to do where the command is not there. */
  readonly missing: string;
}

const KEPT = 100_000;

/** @throws SetupFailure when the command is missing or fails */
export function call({ command, args, folder, failed, missing }: Call, screen: Screen): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text: Buffer): void => {
      said = (said + text.toString()).slice(-KEPT);
      if (screen.progress) screen.err(text.toString());
    };
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? `${command} is not on the PATH; ${missing}` : error.message;
      reject(new SetupFailure(`${failed}: ${reason}`));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new SetupFailure(`${failed}: ${reasonIn(said) ?? `it ended with ${signal ?? `exit code ${String(code)}`}`}`),
        );
    });
  });
}

/** The line that names the cause: the first with a network error, else the last that calls itself an error. */
export function reasonIn(said: string): string | undefined {
  const lines = said.split('\n').map((line) => line.trim());
  const network = lines.find((line) => /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT/.test(line));
  const line = network ?? lines.findLast((line) => /\berror\b/i.test(line)) ?? lines.findLast((line) => line !== '');
  return line?.replace(/^(npm error|error:|npm ERR!)\s*/i, '');
}
