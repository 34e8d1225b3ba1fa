// Writes each chart as PNG, SVG and PDF, in the size and font that a paper asks for.

import { pictureFile } from '../../reports/charts/pictureFile.js';
import { printSize } from '../../reports/charts/printSize.js';
import type { Picture } from '../../reports/charts/chart.js';
import { LIGHT } from '../../reports/charts/theme.js';
import { openRenderer } from './openRenderer.js';

export interface FigureFlags {
  /** "85mm", "3.3in", "240pt" or "960px". */
  readonly figureWidth?: string;
  /** A family that is installed, or a font file. */
  readonly figureFont?: string;
  /** False for charts without title, explanation and source. */
  readonly title?: string | false;
}

/** The texts around a chart. */
export interface Words {
  readonly title: string;
  /** One line: the device and date of the measurement, or that nothing was measured. */
  readonly source: string;
  /** Which networks the chart does not draw; empty where it draws all. */
  readonly without?: string;
}

export interface Figures {
  /** The name of the renderer. */
  readonly drawnBy: string;
  /** @param path without ending */
  files(path: string, picture: Picture, words: Words): Promise<readonly (readonly [path: string, content: Buffer])[]>;
}

/** @throws InputError for a width or a font that does not exist */
export async function openFigures({ figureWidth, figureFont, title }: FigureFlags = {}): Promise<Figures> {
  const print = figureWidth === undefined ? undefined : printSize(figureWidth);
  // Another font needs @napi-rs/canvas for all files, since only it takes any font.
  const renderer = await openRenderer(figureFont === undefined ? undefined : '@napi-rs/canvas', figureFont);
  // @napi-rs/canvas draws the vector files in any case.
  const { family } = renderer.name === '@napi-rs/canvas' ? renderer : await openRenderer('@napi-rs/canvas');
  const [{ svgOf }, { pdfOf }] = await Promise.all([import('./svg.js'), import('./pdf.js')]);
  return {
    drawnBy: renderer.name,
    async files(path, picture, words) {
      const file = pictureFile(picture, LIGHT, { ...words, ...(print ? { print } : {}), heading: title !== false });
      return [
        [`${path}.png`, await renderer.png(file)],
        [`${path}.svg`, svgOf(file, family)],
        [`${path}.pdf`, pdfOf(file, words.title)],
      ];
    },
  };
}
