// Counts the physical cores of this process. ONNX Runtime is fastest with one thread a core.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export function physicalCores(read = (): string => readFileSync('/proc/cpuinfo', 'utf8')): number {
  const logical = availableParallelism();
  try {
    const cores = new Set(
      read()
        .split(/\n\s*\n/)
        .map((block) => [/^physical id\s*: *(\d+)/m, /^core id\s*: *(\d+)/m].map((field) => field.exec(block)?.[1]))
        .filter(([socket, core]) => socket !== undefined && core !== undefined)
        .map((ids) => ids.join('/')),
    );
    return cores.size > 0 ? Math.min(cores.size, logical) : logical;
  } catch {
    // The file exists only on Linux.
    return logical;
  }
}
