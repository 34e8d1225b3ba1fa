// What a file says that decides which network its training figures are of, and the sentences.

import type { Graph } from '../graph.js';
import type { Source } from '../profile.js';
import { evalModeOf, evalModeTexts, type EvalModeCounts } from './evalMode.js';
import { foldedNorms, foldedNormsText, type FoldedNorms } from './foldedNorms.js';

export interface FileNotes {
  /** Only where the file has, or may have, its norms folded into convolutions. */
  readonly foldedNorms?: FoldedNorms;
  /** Only where the file runs norms or dropouts in eval mode. */
  readonly evalMode?: EvalModeCounts;
}

export function fileNotes(graph: Graph, source: Source): FileNotes {
  const folded = foldedNorms(graph, source);
  const evalMode = evalModeOf(graph);
  return { ...(folded ? { foldedNorms: folded } : {}), ...(evalMode ? { evalMode } : {}) };
}

/** Those of something that has more fields. */
export const notesOf = ({ foldedNorms: folded, evalMode }: FileNotes): FileNotes => ({
  ...(folded ? { foldedNorms: folded } : {}),
  ...(evalMode ? { evalMode } : {}),
});

/** One sentence each. */
export const fileNoteTexts = ({ foldedNorms: folded, evalMode }: FileNotes): readonly string[] => [
  ...(folded ? [foldedNormsText(folded)] : []),
  ...(evalMode ? evalModeTexts(evalMode) : []),
];
