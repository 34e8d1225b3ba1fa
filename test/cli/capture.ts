// What does a call of the command line print, and how does it end? Run in this process, without a terminal.

import { run } from '../../cli/run.js';
import { plainLook } from '../../cli/screen.js';

export interface Captured {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

export async function capture(args: readonly string[], width?: number): Promise<Captured> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    look: { ...plainLook, width },
    progress: 'none',
  });
  return { out, err, code };
}
