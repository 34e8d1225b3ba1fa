// Why an engine is not available, or what its library said, in one line.

import type { EngineName, Unavailable } from './engine.js';

export const unavailable = (name: EngineName, problem: string, remedy: string): Unavailable => ({
  available: false,
  name,
  problem,
  remedy,
});

/** Libraries add stacks and hints after the first line. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n')[0]!;
