// Tries renderers of charts in a child process: a native addon may crash.

import { askChild } from '../../src/engines/askChild.js';
import type { RendererReport } from '../../src/doctor.js';
import { brokenRenderer } from './rendererProbe.js';

/** Beside the chunks of a build; from source, in the build that stands beside it. */
const SCRIPT = ['./rendererProbe.js', '../rendererProbe.js', '../../dist/rendererProbe.js'].map(
  (path) => new URL(path, import.meta.url),
);

/** @param environment set beside that of this process */
export const tryRenderer = (name: string, environment: NodeJS.ProcessEnv = {}): Promise<RendererReport> =>
  askChild(SCRIPT, [name], (problem) => brokenRenderer(name, problem), environment);
