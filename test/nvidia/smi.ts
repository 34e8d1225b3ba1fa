// A nvidia-smi of a test's own, first on the PATH: it may tell the truth, lie, hang, or print nonsense.

import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';

/** @param script of a POSIX shell; call `vi.unstubAllEnvs` after the test */
export function fakeSmi(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-smi-'));
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  vi.stubEnv('PATH', [folder, process.env['PATH']].join(delimiter));
}

/** A PATH on which nothing is. */
export const noSmi = (): void => {
  vi.stubEnv('PATH', mkdtempSync(join(tmpdir(), 'flopscope-empty-')));
};

/** One line of an answer about GPUs, with all fields that flopscope asks for. */
export const gpuLine = (
  index: number,
  name: string,
  { power = '70.20', instant = '68.91', mig = 'Disabled', capability = '9.0' } = {},
): string =>
  [index, uuidOf(index), pciOf(index), name, '550.54.14', '81559', power, mig, capability, instant].join(', ');

export const uuidOf = (index: number): string => `GPU-${index}6f1de4c-0d5c-4f6b-9f3a-0123456789ab`;
export const pciOf = (index: number): string => `00000000:0${index}:00.0`;

/** Answers about GPUs with these lines, and samples 250.5 W with its own clock. */
export const smiWith = (...lines: readonly string[]): string => `case "$*" in
*-lms*) while true; do echo "$(date '+%Y/%m/%d %H:%M:%S.%3N'), 250.50"; sleep 0.05; done;;
*) ${lines.map((line) => `echo '${line}'`).join('; ')};;
esac`;
