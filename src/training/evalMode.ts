// Says what counts in train mode although the file runs it in eval mode, and what does not.

import type { EvalMode, Graph } from '../graph.js';
import { counted } from '../plural.js';

/** Numbers of norms and of dropouts. */
export interface EvalModeCounts {
  /** The file runs them in eval mode and nothing in train mode: they count in train mode. */
  readonly trained: { readonly norms: number; readonly dropouts: number };
  /** They stay in eval mode: the file has others in train mode, or says that they always do. */
  readonly stays: { readonly norms: number; readonly dropouts: number };
}

/** Undefined where the file runs nothing in eval mode, or does not say. */
export const evalModeOf = ({ evalMode }: Graph): EvalModeCounts | undefined => evalMode && countsOf(evalMode);

const countsOf = ({ stays, dropouts, trained }: EvalMode): EvalModeCounts => ({
  trained,
  stays: { norms: stays.size, dropouts },
});

/** One sentence for each of the two that there is. */
export const evalModeTexts = ({ trained, stays }: EvalModeCounts): readonly string[] => [
  ...sentence(
    trained,
    (what, verb) => `The file was written in eval mode, and ${what} ${verb('count')} as after model.train().`,
  ),
  ...sentence(
    stays,
    (what, verb) =>
      `In training too, ${what} ${verb('stay')} in eval mode, as the file has it: without statistics of the batch, without noise.`,
  ),
];

function sentence(
  { norms, dropouts }: EvalModeCounts['trained'],
  say: (what: string, verb: (plural: string) => string) => string,
): readonly string[] {
  const parts = [
    ...(norms > 0 ? [counted(norms, 'batch norm')] : []),
    ...(dropouts > 0 ? [counted(dropouts, 'dropout')] : []),
  ];
  return parts.length === 0 ? [] : [say(parts.join(' and '), (verb) => (norms + dropouts === 1 ? `${verb}s` : verb))];
}
