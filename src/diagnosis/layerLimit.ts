// The limit of a layer: arithmetic, memory, its launch, or not known.

/** What takes most of a layer's time. */
export type Limit = 'compute' | 'memory' | 'launches';

export interface LayerLimit {
  /** Null where it is not known: without ceilings, or where nothing explains the time. */
  readonly limit: Limit | null;
  /**
   * Least and most milliseconds of layers with the same op, shapes and parameters. Only where they
   * differ too much for any of them to be relied on; the limit is then null.
   */
  readonly varies?: readonly [least: number, most: number];
}
