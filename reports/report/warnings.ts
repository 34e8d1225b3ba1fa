// The warnings about times: each once, with its networks and the range of its figures.

import { abridged } from '../../src/plural.js';
import { visible } from '../../src/visible.js';
import type { ReportData, View } from './reportData.js';

interface Doubt {
  readonly labels: string[];
  /** Words of the sentence between its figures. */
  readonly words: readonly string[];
  /** The figures of each network as written, in the order of the sentence. */
  readonly figures: (readonly string[])[];
}

/** A number, with or without separated thousands: 12, 1,320, 4.56. */
const FIGURE = /\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?/g;

/**
 * Joins sentences that differ only in figures: "resnet18, vgg11: half of the windows lie 5.2 to 9.4
 * % apart".
 */
export function warningsOf(data: ReportData, { entries }: View): readonly string[] {
  const doubts = new Map<string, Doubt>();
  for (const { network, run } of entries)
    for (const { message, flag } of run === null ? [] : data.runs[run]!.warnings) {
      const text = `${message}${flag === null ? '' : ` (try ${flag})`}`;
      const words = text.split(FIGURE);
      const doubt = doubts.get(words.join('0')) ?? { labels: [], words, figures: [] };
      doubt.labels.push(data.networks[network]!.label);
      doubt.figures.push(text.match(FIGURE) ?? []);
      doubts.set(words.join('0'), doubt);
    }
  return [...doubts.values()].map(({ labels, words, figures }) =>
    visible(
      `${abridged(labels)}: ${words.map((word, i) => (i === 0 ? word : `${range(figures, i - 1)}${word}`)).join('')}.`,
    ),
  );
}

function range(figures: Doubt['figures'], place: number): string {
  const values = figures.map((row) => row[place]!).sort((a, b) => numberOf(a) - numberOf(b));
  const [least, most] = [values[0]!, values.at(-1)!];
  return least === most ? least : `${least} to ${most}`;
}

const numberOf = (figure: string): number => Number(figure.replaceAll(',', ''));
