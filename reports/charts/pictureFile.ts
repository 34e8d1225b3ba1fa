// How does a chart look as a file of its own? With its title, how to read it, where its data come from, and a surface behind.

import type { ChartConfiguration } from 'chart.js';
import type { Picture } from './chart.js';
import { background } from './plugins/background.js';
import { FONT, type Theme } from './theme.js';

export interface PictureFile {
  readonly width: number;
  readonly height: number;
  readonly config: ChartConfiguration;
}

export const FILE_WIDTH = 960;
const LETTERS_PER_LINE = 150;

/** @param source one line: the device and date of the measurement, or that nothing was measured */
export function pictureFile(title: string, picture: Picture, source: string, theme: Theme): PictureFile {
  const lines = [...wrapped(picture.lead, LETTERS_PER_LINE), ...wrapped(source, LETTERS_PER_LINE)];
  const config = picture.config(theme, FILE_WIDTH - 32);
  const { options = {}, plugins = [] } = config;
  const text = (size: number, weight: 400 | 600) => ({ family: FONT, size, weight });
  return {
    width: FILE_WIDTH,
    height: Math.round(picture.height(FILE_WIDTH - 32) + 62 + 18 * lines.length),
    config: {
      ...config,
      options: {
        ...options,
        devicePixelRatio: 2,
        events: [],
        layout: { padding: padded(options.layout?.padding) },
        plugins: {
          ...options.plugins,
          title: {
            display: true,
            align: 'start',
            text: title,
            color: theme.ink,
            font: text(18, 600),
            padding: { top: 0, bottom: 6 },
          },
          subtitle: {
            display: true,
            align: 'start',
            text: lines,
            color: theme.muted,
            font: text(12, 400),
            padding: { bottom: 16 },
          },
        },
      },
      plugins: [background(theme), ...plugins],
    },
  };
}

/** The same without words around it, for a page that has them; as wide as the column that shows it. */
export function inlinePicture(picture: Picture, theme: Theme, width: number): PictureFile {
  const config = picture.config(theme, width);
  const { options = {}, plugins = [] } = config;
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

const MARGIN = 16;

/** A margin around what the chart itself keeps free. */
function padded(padding: unknown): Record<'left' | 'right' | 'top' | 'bottom', number> {
  const own = (typeof padding === 'object' && padding !== null ? padding : {}) as Record<string, number | undefined>;
  const side = (name: string): number => (own[name] ?? 0) + MARGIN;
  return { left: side('left'), right: side('right'), top: side('top'), bottom: side('bottom') };
}

/** Words in lines of at most so many letters; a longer word stands alone. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
