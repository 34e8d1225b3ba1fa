// Draws charts with Chart.js on @napi-rs/canvas, the renderer that installs everywhere.

import { resolve } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { Chart } from '../../reports/charts/register.js';
import type { ChartItem } from 'chart.js';
import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { FONT } from '../../reports/charts/theme.js';
import { InputError } from '../../src/inputError.js';
import { visible } from '../../src/visible.js';
import { packageFile } from '../../src/files/packageFile.js';
import { checkInk, FONT_FILES, type Renderer } from './renderer.js';

const NAME = '@napi-rs/canvas';

/**
 * @param font a family that is installed, or a font file; the bundled font where absent
 * @throws InputError where there is no such font, and where letters would be invisible
 */
export function napiRenderer(font?: string): Renderer {
  const family = useFont(font);
  checkInk(createCanvas(64, 40).getContext('2d'), NAME);
  return {
    name: NAME,
    family,
    png: ({ width, height, config }) => {
      const canvas = createCanvas(width, height);
      drawOn(canvas, config);
      return canvas.encode('png');
    },
  };
}

/**
 * Chart.js needs only the size and the context of a canvas. Without animation it draws in its
 * constructor; drawing again would write every element of a vector file twice.
 */
export function drawOn(canvas: ChartItem, config: PictureFile['config'], ratio?: number): void {
  const options = ratio === undefined ? config.options : { ...config.options, devicePixelRatio: ratio };
  new Chart(canvas, { ...config, options }).stop();
}

/** Registers one font for the charts, and returns its family. */
function useFont(font: string | undefined): string {
  if (font === undefined) {
    for (const { path } of FONT_FILES)
      if (!GlobalFonts.registerFromPath(packageFile(path), FONT)) throw new Error(`${NAME} cannot read dist/${path}`);
    return FONT;
  }
  const family = /\.(ttf|otf|ttc|woff2?)$/i.test(font) ? familyOfFile(font) : font;
  if (!GlobalFonts.has(family))
    throw new InputError(
      `--figure-font ${visible(font)}: no font of this name is installed; name one of fc-list, or give a .ttf or .otf file`,
    );
  GlobalFonts.setAlias(family, FONT);
  return family;
}

function familyOfFile(path: string): string {
  const known = new Set(GlobalFonts.families.map(({ family }) => family));
  const read = GlobalFonts.registerFromPath(resolve(path)) !== null;
  const family = read ? GlobalFonts.families.find((one) => !known.has(one.family))?.family : undefined;
  if (family === undefined)
    throw new InputError(`--figure-font ${visible(path)}: this file cannot be read as a font of its own`);
  return family;
}
