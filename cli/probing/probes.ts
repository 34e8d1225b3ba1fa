// Probes what may crash in a child process with a time limit. A crash is a result.

import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../../src/engines/engine.js';
import { brokenEngine, type EngineReport } from '../../src/engines/probe.js';
import type { DoctorReport, RendererReport } from '../../src/doctorReport.js';
import { brokenRenderer } from './rendererProbe.js';

/** A GPU driver compiles its first kernels in this time too. */
const TIMEOUT_MS = 90_000;

export const tryEngine = (name: EngineName, environment: NodeJS.ProcessEnv = {}): Promise<EngineReport> =>
  ask<EngineReport>(name, environment, (problem) => brokenEngine(name, problem, CRASHED[name]));

export const tryRenderer = (name: string): Promise<RendererReport> =>
  ask(name, {}, (problem) => brokenRenderer(name, problem));

/** The engine that `--engine auto` would choose. */
export const tryAuto = (): Promise<DoctorReport['auto']> => ask('auto', {}, () => null);

const CRASHED: Readonly<Record<EngineName, string>> = {
  tensorflow: 'set it up again: flopscope setup tensorflow',
  onnxruntime: 'set it up again: flopscope setup onnxruntime',
  webgpu: 'update the GPU driver, or use --engine wasm',
  wasm: 'install the dependencies again (npm ci)',
  cpu: 'install the dependencies again (npm ci)',
};

/** Beside the chunks of a build; from source, in the build that stands beside it. */
const PROBE = ['../probe.js', '../../dist/probe.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

function ask<Answer>(
  what: string,
  environment: NodeJS.ProcessEnv,
  broken: (problem: string) => Answer,
): Promise<Answer> {
  const script = PROBE.find(existsSync);
  if (script === undefined)
    return Promise.resolve(broken('the script that tries it is missing: npm run build makes it'));
  return new Promise((resolve) => {
    const child = fork(script, [what], {
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

const MOST_SAID = 4096;
