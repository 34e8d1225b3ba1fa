// What the doctor found, as plain data: engines, the renderer of charts, GPUs and Node.

import type { EngineName } from './engines/engine.js';
import type { EngineReport } from './engines/probe.js';
import type { NvidiaReport } from './nvidia/gpus.js';

/** The renderer of charts as PNG and SVG. */
export interface RendererReport {
  readonly name: string;
  readonly works: boolean;
  readonly version: string | null;
  /** Width of a word in the font of charts. Without a font it is 0 and text is invisible. */
  readonly textWidth: number | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

export interface DoctorReport {
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
  /** The engine of `--engine auto` here; null where there is none. */
  readonly auto: { readonly name: EngineName; readonly reason: string } | null;
  readonly renderers: readonly RendererReport[];
  readonly nvidia: NvidiaReport;
  /** For each working GPU engine: the GPU whose power is read, or why there is none. */
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
