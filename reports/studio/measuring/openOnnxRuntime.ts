// Opens the engine of ONNX Runtime for the files of a session.

import type { Engine } from '../../../src/engines/engine.js';
import type { RunnableFile } from '../../../src/graph.js';
import { browserName, clockStep } from './browserGpu.js';
import { onnxEngine } from './onnxEngine.js';
import { openRuntime, type ModelBytes } from './onnxSession.js';

export async function openOnnxRuntime(
  folder: URL,
  bytes: ReadonlyMap<RunnableFile, ModelBytes>,
  allowSoftware: boolean,
): Promise<{
  readonly engine: Engine;
  /** Why it does not run on WebGPU; null where it does. */
  readonly noGpu: string | null;
  /** A software adapter was passed over. */
  readonly software: boolean;
}> {
  const opened = await openRuntime(folder, [...bytes.values()], allowSoftware);
  const facts = {
    versions: { browser: browserName() },
    settings: { browser: true, clockMicroseconds: clockStep() },
  };
  const { noGpu, software } = opened;
  return { engine: onnxEngine(opened, facts, (file) => bytes.get(file)!), noGpu, software };
}
