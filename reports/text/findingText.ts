// Writes a finding as sentences: the evidence, the fix, what the fix saves and costs.

import type { Finding, Saving } from '../../src/diagnosis/finding.js';
import { bytes, short } from './number.js';

interface Words {
  /** Behind the amount. */
  readonly what: string;
  readonly show: (amount: number) => string;
}

type Counted = Exclude<keyof Saving, 'milliseconds'>;

const WORDS: Readonly<Record<Counted, Words>> = {
  keptBytes: { what: 'kept for backward', show: bytes },
  peakBytes: { what: 'at the peak of a training step', show: bytes },
  stepMultAdds: { what: 'multiply-adds of a training step', show: short },
  recomputedMemoryAccess: { what: 'elements read and written again', show: short },
  params: { what: 'parameters', show: short },
  multAdds: { what: 'multiply-adds', show: short },
  memoryAccessUnfused: { what: 'elements of memory access', show: short },
  memoryAccessFused: { what: 'elements of fused memory access', show: short },
  peakActivations: { what: 'elements at the peak of activations', show: short },
  launches: { what: 'ops', show: short },
};

/** "It saves 128.9 MiB kept for backward, and costs 109 M elements read and written again." */
export function savedText(saves: Saving): string {
  const parts = (Object.keys(WORDS) as Counted[]).flatMap((key) => {
    const amount = saves[key] ?? 0;
    const { what, show } = WORDS[key];
    return amount === 0 ? [] : [{ saved: amount > 0, text: `${show(Math.abs(amount))} ${what}` }];
  });
  const listed = (saved: boolean): string =>
    parts
      .filter((part) => part.saved === saved)
      .map(({ text }) => text)
      .join(', ');
  const [saved, costs] = [listed(true), listed(false)];
  if (saved === '' && costs === '') return '';
  if (costs === '') return `It saves ${saved}.`;
  return saved === '' ? `It costs ${costs}.` : `It saves ${saved}, and costs ${costs}.`;
}

export const findingText = ({ title, evidence, fix, saves, source }: Finding): string =>
  [`${title}: ${evidence}`, fix, savedText(saves), `(${source})`].filter((text) => text !== '').join(' ');
