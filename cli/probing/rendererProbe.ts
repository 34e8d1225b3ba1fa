// Probes the renderers: each is opened and measures a word, which has no width without a font.

import { createRequire } from 'node:module';
import type { RendererReport } from '../../src/doctor.js';
import { openRenderer } from '../charts/openRenderer.js';
import { RENDERER_NAMES, type RendererName } from '../charts/renderer.js';
import { installedFile } from '../../src/engines/optionalPackage.js';
import { firstLine } from '../../src/engines/problem.js';

interface Canvas {
  readonly createCanvas: (
    width: number,
    height: number,
  ) => { getContext(kind: '2d'): { font: string; measureText(text: string): { width: number } } };
}

/** The package whose canvas each draws on. */
const CANVASES: Readonly<Record<RendererName, string>> = {
  'chartjs-node-canvas': 'canvas',
  '@napi-rs/canvas': '@napi-rs/canvas',
};

const isRenderer = (name: string): name is RendererName => (RENDERER_NAMES as readonly string[]).includes(name);

/** Never throws. It loads a native addon, so it belongs in a child process. */
export async function probeRenderer(name: string): Promise<RendererReport> {
  if (!isRenderer(name)) return brokenRenderer(name, 'there is no such renderer');
  try {
    await openRenderer(name); // draws letters and looks for their ink
    const require = createRequire(import.meta.url);
    const manifest = name === '@napi-rs/canvas' ? require.resolve(`${name}/package.json`) : installedFile(name)!;
    const { version } = require(manifest) as { version: string };
    const { createCanvas } = createRequire(manifest)(CANVASES[name]) as Canvas;
    const context = createCanvas(100, 100).getContext('2d');
    context.font = '14px Inter';
    const textWidth = context.measureText('flopscope').width;
    return { name, works: true, version, textWidth, problem: null, remedy: null };
  } catch (error) {
    return brokenRenderer(name, firstLine(error));
  }
}

export const brokenRenderer = (name: string, problem: string): RendererReport => ({
  name,
  works: false,
  version: null,
  textWidth: null,
  problem,
  remedy: isRenderer(name) ? REMEDIES[name] : null,
});

const REMEDIES: Readonly<Record<RendererName, string>> = {
  'chartjs-node-canvas': 'nothing, where @napi-rs/canvas works; else run flopscope setup chartjs-node-canvas',
  '@napi-rs/canvas': 'install flopscope again, with its optional dependencies',
};
