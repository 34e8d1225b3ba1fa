// The note on batch norms that were folded into convolutions: the evidence and the effect.

import type { Counted, Reconciliation, Unfolding } from '../../src/counters/reconcile.js';
import { counted } from '../../src/plural.js';
import { grouped } from './number.js';

/** Heading of the rows that are counted with the norms back. */
export const unfoldedHeading = ({ convolutions }: Unfolding): string =>
  `with its ${counted(convolutions, 'folded batch norm')} back`;

export function evidenceNotes({ unfolded, params }: Reconciliation): readonly string[] {
  if (!unfolded) return [];
  const { evidence, convolutions } = unfolded;
  if (evidence === 'possible')
    return [
      `It has ${counted(convolutions, 'convolution')} with a bias and no batch norm. The file does not show whether norms were folded into them; --given tries both.`,
    ];
  return [
    `Batch norms were folded into ${counted(convolutions, 'convolution')} when it was exported: the names in the file show it, such as the numbers that PyTorch's exporter gives to the weights that it folds (onnx::Conv_497).`,
    `With the norms back, and if no convolution had a bias of its own, it has ${grouped(unfolded.params)} params instead of ${grouped(params)}. A tool that looked at the PyTorch network counted the former.`,
  ];
}

/** A counter's total with the batch norms, and the difference that they make. */
export function unfoldedCounterNotes({ unfolded }: Reconciliation, { counter, total }: Counted): readonly string[] {
  const before = unfolded?.counters.find((one) => one.counter === counter);
  if (!unfolded || !before) return [];
  const { evidence, convolutions } = unfolded;
  const norms = counted(convolutions, 'batch norm');
  const when =
    evidence === 'named'
      ? `Before the exporter folded ${norms} into its convolutions`
      : `If ${norms} were folded into its convolutions with a bias, before that`;
  const same = before.total === total ? 'the same' : `${grouped(before.total)}, printed as "${before.printed}"`;
  return [`${when} it was ${same}.`];
}
