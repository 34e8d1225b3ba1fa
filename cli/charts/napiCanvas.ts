// Draws charts with Chart.js on @napi-rs/canvas, the renderer that installs everywhere.

import { createCanvas, GlobalFonts, SvgExportFlag, type Canvas, type SvgCanvas } from '@napi-rs/canvas';
import { Chart } from '../../reports/charts/register.js';
import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { packageFile } from '../output/packageFolder.js';
import { checkInk, FONT_FILES, type Renderer } from './renderer.js';

const NAME = '@napi-rs/canvas';

export function napiRenderer(): Renderer {
  for (const { path } of FONT_FILES)
    if (!GlobalFonts.registerFromPath(packageFile(path), 'Inter')) throw new Error(`${NAME} cannot read dist/${path}`);
  checkInk(createCanvas(64, 40).getContext('2d'), NAME);
  return {
    name: NAME,
    png: ({ width, height, config }) => {
      const canvas = createCanvas(width, height);
      drawOn(canvas, config);
      return canvas.encode('png');
    },
    svg: ({ width, height, config }) => {
      const canvas = createCanvas(width, height, SvgExportFlag.ConvertTextToPaths);
      drawOn(canvas, { ...config, options: { ...config.options, devicePixelRatio: 1 } });
      return Promise.resolve(canvas.getContent());
    },
  };
}

function drawOn(canvas: Canvas | SvgCanvas, config: PictureFile['config']): void {
  // This canvas has everything that Chart.js uses.
  const chart = new Chart(canvas, config);
  chart.draw();
  chart.stop();
}
