// Draws charts with chartjs-node-canvas, where its native canvas is installed.

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { FONT } from '../../reports/charts/theme.js';
import { installedFile } from '../../src/engines/optionalPackage.js';
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
export function nodeCanvasRenderer(): Renderer | undefined {
  const modules = load();
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

/** Both are CommonJS; the canvas is the one that the package itself draws on. */
function load(): readonly [ChartModule, CanvasModule] | undefined {
  const manifest = installedFile(NAME);
  if (manifest === undefined) return undefined;
  const require = createRequire(manifest);
  try {
    return [require(dirname(manifest)) as ChartModule, require('canvas') as CanvasModule];
  } catch {
    return undefined;
  }
}
