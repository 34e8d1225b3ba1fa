// What draws charts here? Each canvas that is installed is loaded and writes a word: without a font it would have no width.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { RendererReport } from '../src/diagnosis.js';

interface Canvas {
  readonly createCanvas: (
    width: number,
    height: number,
  ) => { getContext(kind: '2d'): { font: string; measureText(text: string): { width: number } } };
  readonly GlobalFonts?: { registerFromPath(path: string, family: string): unknown };
}

/** Packages in order of preference, each with the one whose canvas it draws on. */
export const RENDERERS: readonly (readonly [name: string, canvas: string])[] = [
  ['chartjs-node-canvas', 'canvas'],
  ['@napi-rs/canvas', '@napi-rs/canvas'],
];

/** The letters that come with flopscope; this code is in dist or a folder below it. */
const FONTS = ['./fonts/inter-400.ttf', '../fonts/inter-400.ttf'];

/** Never throws. It loads a native addon, so it belongs in a child process. */
export function probeRenderer(name: string): RendererReport {
  const require = createRequire(import.meta.url);
  const [, canvas = name] = RENDERERS.find(([renderer]) => renderer === name) ?? [];
  try {
    const { version } = require(`${name}/package.json`) as { version: string };
    const { createCanvas, GlobalFonts } = require(canvas) as Canvas;
    const font = FONTS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync);
    if (font !== undefined) GlobalFonts?.registerFromPath(font, 'Inter');
    const context = createCanvas(100, 100).getContext('2d');
    context.font = '14px Inter, sans-serif';
    const textWidth = context.measureText('flopscope').width;
    if (textWidth > 0) return { name, works: true, version, textWidth, problem: null, remedy: null };
    const remedy = 'install a font, on Debian fonts-dejavu-core';
    return { name, works: false, version, textWidth, problem: 'it has no font: text would be invisible', remedy };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const absent = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
    return brokenRenderer(name, absent ? 'it is not installed' : `it does not load: ${message.split('\n')[0]!}`);
  }
}

export const brokenRenderer = (name: string, problem: string): RendererReport => ({
  name,
  works: false,
  version: null,
  textWidth: null,
  problem,
  remedy: REMEDIES[name] ?? null,
});

const REMEDIES: Readonly<Record<string, string>> = {
  'chartjs-node-canvas': 'nothing, where @napi-rs/canvas works; else npm install chartjs-node-canvas',
  '@napi-rs/canvas': 'npm install @napi-rs/canvas@1.0.11',
};
