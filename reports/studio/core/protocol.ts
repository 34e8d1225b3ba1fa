// What the page asks its worker, and what the worker answers: plain data both ways.

import type { Source as ModelSource, Profile } from '../../../src/profile.js';
import type { Options, Source } from '../state/state.js';

/** A file that was dropped or chosen, with its path from the folder that it came in. */
export interface NamedFile {
  readonly path: string;
  readonly blob: Blob;
}

/** A network to read: the bytes of a file stand beside its source. */
export interface Wanted {
  readonly source: Source;
  readonly options: Options;
  /** The model itself comes first; others may hold its weights. */
  readonly files: readonly NamedFile[];
}

/** One network, counted. */
export interface Counted {
  readonly name: string;
  readonly from: ModelSource;
  /** What the network has where the options say nothing. */
  readonly own: { readonly input: readonly [number, number, number]; readonly batch: number; readonly bytes: number };
  readonly profile: Profile;
  /**
   * The line of the config, from 1, that made each layer; of a family's config the line that names
   * the family. Null where the source has no lines.
   */
  readonly lines: readonly (number | null)[] | null;
}

/** A mistake of the user in one sentence, with its place in a config. */
export interface Refusal {
  readonly message: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /** The file has ops that are not known: the rest of it could be counted. */
  readonly unknownOps?: boolean;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Envelope {
  readonly id: number;
  readonly kind: string;
  readonly asked: unknown;
}

export interface Returned {
  readonly id: number;
  readonly reply: Reply<unknown>;
}
