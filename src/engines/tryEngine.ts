// Tries engines in a child process with a time limit: one that crashes is a result.

import { askChild } from './askChild.js';
import type { EngineName } from './engine.js';
import { PROVIDER_ROWS, type Provider } from './onnxruntime/providers.js';
import { brokenEngine, type EngineReport } from './probe.js';

/** Beside the chunks of a build; from source, in the build that stands beside it. */
const SCRIPT = ['./probe.js', '../probe.js', '../../dist/probe.js'].map((path) => new URL(path, import.meta.url));

/** @param environment set beside that of this process */
export const tryEngine = (name: EngineName, environment: NodeJS.ProcessEnv = {}): Promise<EngineReport> =>
  askChild<EngineReport>(SCRIPT, [name], (problem) => brokenEngine(name, problem, CRASHED[name]), environment);

/** An execution provider of ONNX Runtime. */
export const tryProvider = (provider: Provider): Promise<EngineReport> =>
  askChild<EngineReport>(SCRIPT, ['onnxruntime', provider], (problem) =>
    brokenEngine('onnxruntime', problem, PROVIDER_ROWS[provider].remedy('the folder of onnxruntime-node')),
  );

/** The engine that `--engine auto` would choose, and why; null where there is none. */
export const tryAuto = (): Promise<{ readonly name: EngineName; readonly reason: string } | null> =>
  askChild(SCRIPT, ['auto'], () => null);

const CRASHED: Readonly<Record<EngineName, string>> = {
  tensorflow: 'set it up again: flopscope setup tensorflow',
  onnxruntime: 'set it up again: flopscope setup onnxruntime',
  webgpu: 'update the GPU driver, or use --engine wasm',
  wasm: 'install flopscope again',
  cpu: 'install flopscope again',
};
