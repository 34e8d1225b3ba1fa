// The layout of stages: for each network its name, a legend in lines, and a bar per cost.

import { textWidth } from './textWidth.js';

const [NAME, KEY_LINE, BETWEEN, AFTER] = [22, 18, 5, 12] as const;
const [SWATCH, PAD, SEPARATE] = [10, 5, 14] as const;

/** Of one bar; taller on a phone. */
export const stageBarHeight = (width: number): number => (width < 480 ? 26 : 20);

export interface KeyEntry {
  /** Place of the stage among those of its network. */
  readonly stage: number;
  readonly name: string;
  readonly left: number;
  /** Middle of its line. */
  readonly top: number;
}

/** Distances in pixels from the top of the chart's area, of middles. */
export interface StagePlaces {
  readonly name: number;
  readonly key: readonly KeyEntry[];
  readonly bars: readonly number[];
}

/** @param groups the names of the stages of each network, and how many bars it has */
export function stageLayout(
  groups: readonly { readonly stages: readonly string[]; readonly bars: number }[],
  width: number,
): { readonly places: readonly StagePlaces[]; readonly height: number } {
  const bar = stageBarHeight(width);
  let at = 0;
  const places = groups.map(({ stages, bars }): StagePlaces => {
    const name = at + NAME / 2;
    at += NAME;
    const { entries, lines } = keyOf(stages, width);
    const key = entries.map((entry) => ({ ...entry, top: at + entry.top * KEY_LINE + KEY_LINE / 2 }));
    at += lines * KEY_LINE + 4;
    const middles = Array.from({ length: bars }, (_, i) => at + i * (bar + BETWEEN) + bar / 2);
    at += bars * (bar + BETWEEN) - BETWEEN + AFTER;
    return { name, key, bars: middles };
  });
  return { places, height: at - AFTER / 2 };
}

/** Entries from left to right, in the next line where one has no room. */
function keyOf(
  stages: readonly string[],
  width: number,
): { readonly entries: readonly KeyEntry[]; readonly lines: number } {
  let [left, line] = [0, 0];
  const entries = stages.map((name, stage): KeyEntry => {
    const wide = SWATCH + PAD + textWidth(name);
    if (left > 0 && left + wide > width) [left, line] = [0, line + 1];
    const entry = { stage, name, left, top: line };
    left += wide + SEPARATE;
    return entry;
  });
  return { entries, lines: line + 1 };
}

/** The coloured square before a stage's name, and where the name begins after it. */
export const KEY = { swatch: SWATCH, text: SWATCH + PAD } as const;
