// Runs nvidia-smi and reads its answer. Every failure is reported in words.

import { spawn, type ChildProcess } from 'node:child_process';
import { problemOf } from './problem.js';

export type Answer = { readonly lines: readonly string[] } | { readonly problem: string };

/** A machine with many GPUs and no persistence daemon wakes every one of them first. */
const PATIENCE_MS = 20_000;
/** Of an answer; a program that prints without end is not nvidia-smi. */
const MOST_BYTES = 2 ** 20;

/** Calls it once. Never rejects, and leaves no process and no pipe behind. */
export function askSmi(args: readonly string[], patience = PATIENCE_MS): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn('nvidia-smi', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
      endSmi(child);
    };
    const timer = setTimeout(() => {
      end({ problem: `nvidia-smi gave no answer within ${patience / 1000} s` });
    }, patience);
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.length > MOST_BYTES) end({ problem: 'nvidia-smi prints without end' });
    });
    child.stderr.resume();
    child.on('error', (error) => {
      end({ problem: problemOf(error) });
    });
    child.on('close', (code, signal) => {
      const lines = linesOf(said);
      const how = signal ?? `exit code ${String(code)}`;
      end(code === 0 ? { lines } : { problem: `nvidia-smi failed: ${shortened(lines[0] ?? how)}` });
    });
  });
}

/** Kills it and closes its pipes. Its children could keep the pipes and this process open. */
export function endSmi(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/** Lines with something in them; nvidia-smi writes ASCII, and nothing else may reach a terminal. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/[^\x20-\x7e]/g, ' ').trim())
    .filter((line) => line !== '');

const LONGEST = 120;
export const shortened = (line: string): string => (line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line);
