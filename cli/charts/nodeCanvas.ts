// Draws charts with chartjs-node-canvas, where its native canvas is installed.

import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { packageFile } from '../output/packageFolder.js';
import { checkInk, FONT_FILES, type Renderer } from './renderer.js';

const NAME = 'chartjs-node-canvas';

/** The part of both packages that is used. They are optional, so their types may be missing. */
interface NodeCanvas {
  renderToBuffer(config: PictureFile['config']): Promise<Buffer>;
  renderToBufferSync(config: PictureFile['config'], mimeType: string): Buffer;
}
interface ChartModule {
  readonly ChartJSNodeCanvas: new (options: { width: number; height: number; type?: 'svg' }) => NodeCanvas;
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
  for (const { path, weight } of FONT_FILES)
    registerFont(packageFile(path), { family: 'Inter', weight: String(weight) });
  checkInk(createCanvas(64, 40).getContext('2d'), NAME);
  return {
    name: NAME,
    png: ({ width, height, config }) => new ChartJSNodeCanvas({ width, height }).renderToBuffer(config),
    svg: ({ width, height, config }) => {
      const single = { ...config, options: { ...config.options, devicePixelRatio: 1 } };
      const svg = new ChartJSNodeCanvas({ width, height, type: 'svg' }).renderToBufferSync(single, 'image/svg+xml');
      return Promise.resolve(inPixels(svg));
    },
  };
}

/**
 * Cairo writes the size in points, which are a third larger than pixels. The same units give
 * pictures of the same size.
 */
const inPixels = (svg: Buffer): Buffer =>
  Buffer.from(svg.toString().replace(/ width="([\d.]+)pt" height="([\d.]+)pt"/, ' width="$1" height="$2"'));

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
