// Makes a chart a file of its own, with title, explanation, source of data and background.

import type { ChartConfiguration } from 'chart.js';
import type { Picture } from './chart.js';
import { background } from './plugins/background.js';
import { fileHeading, fileHeadingHeight } from './plugins/fileHeading.js';
import type { Theme } from './theme.js';

export interface PictureFile {
  readonly width: number;
  readonly height: number;
  readonly config: ChartConfiguration;
}

export const FILE_WIDTH = 960;
const MARGIN = 16;
const LETTERS_PER_LINE = 145;

/** @param source one line: the device and date of the measurement, or that nothing was measured */
export function pictureFile(title: string, picture: Picture, source: string, theme: Theme): PictureFile {
  const inside = FILE_WIDTH - 2 * MARGIN;
  const lines = [...wrapped(picture.lead, LETTERS_PER_LINE), ...wrapped(source, LETTERS_PER_LINE)];
  const { options = {}, plugins = [], ...config } = picture.config(theme, inside);
  const above = fileHeadingHeight(lines);
  const { left, right, top, bottom } = sides(options.layout?.padding);
  return {
    width: FILE_WIDTH,
    height: Math.round(picture.height(inside) + above + 2 * MARGIN),
    config: {
      ...config,
      options: {
        ...options,
        devicePixelRatio: 2,
        events: [],
        layout: {
          padding: { left: left + MARGIN, right: right + MARGIN, top: top + MARGIN + above, bottom: bottom + MARGIN },
        },
      },
      plugins: [background(theme), ...plugins, fileHeading(theme, title, lines, MARGIN)],
    },
  };
}

/**
 * The same without words around it, for a page that has them; as wide as the column that shows it.
 */
export function inlinePicture(picture: Picture, theme: Theme, width: number): PictureFile {
  const { options = {}, plugins = [], ...config } = picture.config(theme, width);
  return {
    width,
    height: Math.round(picture.height(width)),
    config: {
      ...config,
      options: { ...options, devicePixelRatio: 2, events: [] },
      plugins: [background(theme), ...plugins],
    },
  };
}

/** The margins of the chart itself. */
function sides(padding: unknown): Record<'left' | 'right' | 'top' | 'bottom', number> {
  const own = (typeof padding === 'object' && padding !== null ? padding : {}) as Record<string, number | undefined>;
  const side = (name: string): number => own[name] ?? 0;
  return { left: side('left'), right: side('right'), top: side('top'), bottom: side('bottom') };
}

/** Breaks a text into lines of at most so many characters; a longer word has a line of its own. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
