// Opens a page in the user's browser, and says what to do where none can be opened.

import { spawn } from 'node:child_process';
import type { Screen } from '../screen.js';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Milliseconds: an opener that fails does so at once; one that goes on has found a browser. */
const PATIENCE = 2000;

/** @param address a URL, which is printed elsewhere */
export async function openBrowser(address: string, screen: Screen): Promise<void> {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const problem = await new Promise<string | undefined>((resolve) => {
    const settle = (text: string | undefined): void => {
      clearTimeout(timer);
      resolve(text);
    };
    const timer = setTimeout(settle, PATIENCE, undefined);
    const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
    child.on('error', () => {
      settle(`${program} is not installed`);
    });
    child.on('exit', (code) => {
      settle(code === 0 ? undefined : `${program} found none`);
    });
    child.unref();
  });
  if (problem !== undefined) screen.err(`No browser could be opened (${problem}): open the link yourself.\n`);
}
