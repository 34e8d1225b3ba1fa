// Describes the machine of a measurement: what affects times and helps to repeat them.

import { cpus, release, totalmem } from 'node:os';
import { arch, platform, versions } from 'node:process';
import type { Run } from './run.js';
import type { Host } from './runOf.js';

export const environment = (): Run['environment'] => ({
  platform: `${platform} ${arch} ${release()}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
});

/** The runtime of this process, as records name it. */
export const nodeHost = (): Host => ({ versions: { node: nodeVersion() }, environment: environment() });

export const nodeVersion = (): string => versions.node;
