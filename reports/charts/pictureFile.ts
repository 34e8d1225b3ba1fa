// Makes a chart a file of its own, with title, explanation, source of data and background.

import type { ChartConfiguration } from 'chart.js';
import type { Picture } from './chart.js';
import { background } from './plugins/background.js';
import { fileWords, footHeight, headingHeight } from './plugins/fileWords.js';
import type { PrintSize } from './printSize.js';
import type { Theme } from './theme.js';

export interface PictureFile {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly config: ChartConfiguration;
  /** The width on paper, where one was asked for. */
  readonly print?: PrintSize;
}

export interface FileOptions {
  readonly title: string;
  /** One line: the device and date of the measurement, or that nothing was measured. */
  readonly source: string;
  /** Which networks are not drawn. */
  readonly without?: string;
  readonly print?: PrintSize;
  /** Title, explanation and source above the chart. */
  readonly heading?: boolean;
}

export const FILE_WIDTH = 960;
const MARGIN = 16;
/** Letters of the explanation, and of the title, in a pixel. */
const [LINE_LETTERS, TITLE_LETTERS] = [145 / 928, 1 / 10.5];
/** Dots per inch of a PNG whose size on paper is given; twice the screen's otherwise. */
const [PRINTED, SHOWN] = [300, 192];

export function pictureFile(picture: Picture, theme: Theme, options: FileOptions): PictureFile {
  const { title, source, without, print, heading = true } = options;
  const width = print?.pixels ?? FILE_WIDTH;
  const inside = width - 2 * MARGIN;
  const { options: own = {}, plugins = [], ...config } = picture.config(theme, inside);
  const words = (text: string): readonly string[] => wrapped(text, Math.floor(inside * LINE_LETTERS));
  const above = heading
    ? { title: wrapped(title, Math.floor(inside * TITLE_LETTERS)), lines: [...words(picture.lead), ...words(source)] }
    : { title: [], lines: [] };
  const below = without === undefined || without === '' ? [] : words(without);
  const [top, bottom] = [headingHeight(above), footHeight(below)];
  const padding = sides(own.layout?.padding);
  return {
    width,
    height: Math.round(picture.height(inside) + top + bottom + 2 * MARGIN),
    ...(print ? { print } : {}),
    config: {
      ...config,
      options: {
        ...own,
        devicePixelRatio: (print ? PRINTED : SHOWN) / 96,
        events: [],
        layout: {
          padding: {
            left: padding.left + MARGIN,
            right: padding.right + MARGIN,
            top: padding.top + MARGIN + top,
            bottom: padding.bottom + MARGIN + bottom,
          },
        },
      },
      plugins: [background(theme), ...plugins, fileWords(theme, above, below, MARGIN)],
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
