// The options of a study: which parts of it, whether to measure its networks, and how.

import type { Given } from '../../flags/givenFlags.js';
import type { Format } from '../../output/format.js';
import type { LabOutput } from '../../lab/labOutput.js';
import type { RunFlags } from '../../measuring/session.js';

/** Flags that mean something to study osa alone; undefined: its defaults. */
export interface OsaFlags {
  /** Height and width. */
  readonly image?: readonly [number, number];
  readonly strides?: readonly number[];
  readonly osaLayers?: number;
}

export interface StudyOptions extends Omit<RunFlags, 'layers'>, OsaFlags, LabOutput {
  /** A record that is shown again. */
  readonly from?: string;
  readonly only?: readonly string[];
  readonly measure: boolean;
  readonly batch: number;
  readonly given: Given;
  readonly format: Format;
}
