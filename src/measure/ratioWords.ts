// Words for a ratio of times. Every table, card, sentence and colour follows them.

import type { Interval, TimeRatio } from './significance.js';

/** "0.97x", "0.052x", "12.30x". */
const factor = (value: number): string => (value < 0.1 ? value.toPrecision(2) : value.toFixed(2));

const NOTES: Readonly<Record<Interval['basis'], string>> = {
  sessions: '',
  windows: ', within one session',
  allowance: ', allowing for one session of each',
  none: '',
};

/** "(1.28 to 1.35)", "(1.28 to 1.35, within one session)"; "" where there is no interval. */
export const intervalWords = ({ low, high, basis }: Interval): string =>
  low === null || high === null ? '' : `(${factor(low)} to ${factor(high)}${NOTES[basis]})`;

/** "1.31x (1.28 to 1.35)". */
export const ratioFigures = (ratio: TimeRatio): string =>
  ratio.low === null ? `${factor(ratio.value)}x` : `${factor(ratio.value)}x ${intervalWords(ratio)}`;

const because = ({ basis }: Interval): string =>
  basis === 'none' ? 'more windows are needed' : 'more sessions are needed';

/** "0.97x (0.95 to 1.00): no significant difference", "1.31x (1.28 to 1.35) slower". */
export function ratioSentence(ratio: TimeRatio): string {
  if (ratio.verdict === 'slower' || ratio.verdict === 'faster') return `${ratioFigures(ratio)} ${ratio.verdict}`;
  if (ratio.verdict === 'no difference') return `${ratioFigures(ratio)}: no significant difference`;
  return `${ratioFigures(ratio)}: cannot tell, ${because(ratio)}`;
}

/**
 * A predicate: "takes 1.31x the time (1.28 to 1.35)", "shows no significant difference in time:
 * 0.97x (0.95 to 1.00)", "may be faster or slower: 0.74x the time (0.41 to 1.34); more sessions are
 * needed".
 * @param other the network that it is compared to, where the sentence has not named it
 */
export function timeClause(ratio: TimeRatio, other?: string): string {
  const { value, verdict } = ratio;
  if (verdict === 'slower' || verdict === 'faster')
    return `takes ${factor(value)}x the time${other === undefined ? '' : ` of ${other}`}${ratio.low === null ? '' : ` ${intervalWords(ratio)}`}`;
  const from = other === undefined ? '' : ` from ${other}`;
  if (verdict === 'no difference') return `shows no significant difference in time${from}: ${ratioFigures(ratio)}`;
  const than = other === undefined ? '' : ` than ${other}`;
  const interval = ratio.low === null ? '' : ` ${intervalWords(ratio)}`;
  return `may be faster or slower${than}: ${factor(value)}x the time${interval}; ${because(ratio)}`;
}

/** Short: "1.31x", or "0.97x, no difference". */
export const ratioMark = ({ value, verdict }: TimeRatio): string =>
  `${factor(value)}x${verdict === 'no difference' || verdict === 'cannot tell' ? `, ${verdict}` : ''}`;
