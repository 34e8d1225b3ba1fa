// What the doctor found, as plain data: engines, the renderer of charts, GPUs and Node.

import type { EngineName } from './engines/engine.js';
import type { EngineReport } from './engines/probe.js';
import type { NvidiaReport } from './nvidia/gpus.js';

/** What draws charts as PNG and SVG. */
export interface RendererReport {
  readonly name: string;
  readonly works: boolean;
  readonly version: string | null;
  /** Width of a word in the font of charts; without a font text is invisible and has none. */
  readonly textWidth: number | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

export interface Diagnosis {
  readonly schema: 'flopscope.doctor/1';
  readonly version: string;
  readonly node: {
    readonly version: string;
    readonly platform: string;
    /** Null where Node was built on another C library. */
    readonly glibc: string | null;
    readonly supported: boolean;
  };
  readonly engines: readonly EngineReport[];
  /** What `--engine auto` takes here; null where it finds nothing. */
  readonly auto: { readonly name: EngineName; readonly reason: string } | null;
  readonly renderers: readonly RendererReport[];
  readonly nvidia: NvidiaReport;
  /** Of every engine that works on a GPU: whose power its runs would have, or why none. */
  readonly energy: readonly EnergyReport[];
}

export interface EnergyReport {
  readonly engine: EngineName;
  /** UUID of the GPU that nvidia-smi would be asked for. */
  readonly gpu: string | null;
  /** Field of nvidia-smi. */
  readonly field: string | null;
  /** Why there is none. */
  readonly reason: string | null;
}
