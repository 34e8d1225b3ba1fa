// Draws charts with chartjs-node-canvas, where its native canvas is installed.

import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { FONT } from '../../reports/charts/theme.js';
import { packageFile } from '../../src/files/packageFile.js';
import { checkInk, FONT_FILES, type Renderer } from './renderer.js';

const NAME = 'chartjs-node-canvas';

/** The part of both packages that is used. They are optional, so their types may be missing. */
interface NodeCanvas {
  renderToBuffer(config: PictureFile['config']): Promise<Buffer>;
}
interface ChartModule {
  readonly ChartJSNodeCanvas: new (options: { width: number; height: number }) => NodeCanvas;
}
interface CanvasModule {
  registerFont(path: string, face: { family: string; weight: string }): void;
  createCanvas(width: number, height: number): { getContext(kind: '2d'): Parameters<typeof checkInk>[0] };
}

/** Undefined where it is not installed. @throws where it is installed and draws no letters */
export async function nodeCanvasRenderer(): Promise<Renderer | undefined> {
  const modules = await load();
  if (!modules) return undefined;
  const [{ ChartJSNodeCanvas }, { registerFont, createCanvas }] = modules;
  for (const { path, weight } of FONT_FILES) registerFont(packageFile(path), { family: FONT, weight: String(weight) });
  checkInk(createCanvas(64, 40).getContext('2d'), NAME);
  return {
    name: NAME,
    family: FONT,
    png: ({ width, height, config }) => new ChartJSNodeCanvas({ width, height }).renderToBuffer(config),
  };
}

async function load(): Promise<readonly [ChartModule, CanvasModule] | undefined> {
  const [charts, canvas]: readonly string[] = [NAME, 'canvas'];
  try {
    const chartModule = (await import(charts!)) as ChartModule & { default?: ChartModule };
    const canvasModule = (await import(canvas!)) as CanvasModule & { default?: CanvasModule };
    return [chartModule.default ?? chartModule, canvasModule.default ?? canvasModule];
  } catch {
    return undefined;
  }
}
