// The data of a chart: title, text, table, and its Chart.js configuration at a given width.

import type { ChartConfiguration } from 'chart.js';
import type { Scene } from './scene.js';
import type { Theme } from './theme.js';

/** The same data for those who do not see the picture. */
export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Picture {
  /** How to read it: one or two sentences. */
  readonly lead: string;
  /** A text for screen readers. */
  readonly summary: string;
  readonly table: ChartTable;
  /** Where its data come from, where that is not what the view was measured or counted from. */
  readonly source?: string;
  /** CSS pixels. */
  height(width: number): number;
  config(theme: Theme, width: number): ChartConfiguration;
}

/** Why there is nothing to draw, in one sentence. */
export interface Missing {
  readonly missing: string;
  /** Nobody asked for it, so its absence is not spoken of. */
  readonly unasked?: true;
}

export interface Chart {
  /** Names its file and its place in the page. */
  readonly id: string;
  readonly title: string;
  /** It draws the few networks that are looked at closely: their stages or layers. */
  readonly closeUp?: boolean;
  picture(scene: Scene): Picture | Missing;
}

export const isMissing = (result: Picture | Missing): result is Missing => 'missing' in result;
