// In which mode a file runs its norms and dropouts, and what of it holds in training.

import type { Dropped, EvalMode, Graph } from '../../graph.js';

/**
 * `train` and `eval` are what the file says of a call, as model.train() and model.eval() set it.
 * `fixed`: the file keeps it in eval mode whatever the network does, as Keras's training=False.
 */
export type Mode = 'train' | 'eval' | 'fixed';

export class Modes {
  private trains = false;
  private readonly norms = new Map<string, Mode>();
  private readonly dropouts = new Map<string, { readonly what: Dropped; readonly mode: Mode | undefined }>();

  norm(name: string, mode: Mode): void {
    this.norms.set(name, mode);
    this.trains ||= mode === 'train';
  }

  dropout(name: string, what: Dropped, mode: Mode | undefined): void {
    this.dropouts.set(name, { what, mode });
    this.trains ||= mode === 'train';
  }

  /** The fields of a graph that say it. */
  found(): Pick<Graph, 'dropouts' | 'evalMode'> {
    const stays = (mode: Mode | undefined): boolean => mode === 'fixed' || (mode === 'eval' && this.trains);
    const isTrained = (mode: Mode | undefined): boolean => mode === 'eval' && !this.trains;
    const norms = [...this.norms];
    const all = [...this.dropouts];
    const drops = all.filter(([, { mode }]) => !stays(mode));
    const evalMode: EvalMode = {
      stays: new Set(norms.flatMap(([name, mode]) => (stays(mode) ? [name] : []))),
      dropouts: all.length - drops.length,
      trained: {
        norms: norms.filter(([, mode]) => isTrained(mode)).length,
        dropouts: all.filter(([, { mode }]) => isTrained(mode)).length,
      },
    };
    const { trained } = evalMode;
    const says = evalMode.stays.size + evalMode.dropouts + trained.norms + trained.dropouts > 0;
    return {
      ...(drops.length > 0 ? { dropouts: new Map(drops.map(([name, { what }]) => [name, what])) } : {}),
      ...(says ? { evalMode } : {}),
    };
  }
}
