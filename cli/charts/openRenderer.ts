// Opens a renderer: chartjs-node-canvas where it is installed, else @napi-rs/canvas.

import { createRequire } from 'node:module';
import { InputError } from '../../src/inputError.js';
import type { Renderer, RendererName } from './renderer.js';

/**
 * The first that works here.
 * @param wanted only this one
 * @param font for @napi-rs/canvas: a family that is installed, or a font file
 */
export async function openRenderer(wanted?: RendererName, font?: string): Promise<Renderer> {
  if (wanted !== '@napi-rs/canvas') {
    const { nodeCanvasRenderer } = await import('./nodeCanvas.js');
    const renderer = nodeCanvasRenderer();
    if (renderer) return renderer;
    if (wanted !== undefined) throw new Error('it is not installed, or its native canvas does not load');
  }
  try {
    // The addon first and alone: a module that fails inside a graph of modules is reported twice,
    // the second time fatally.
    createRequire(import.meta.url)('@napi-rs/canvas');
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new InputError(
      `no charts can be drawn: @napi-rs/canvas does not load (${reason ?? 'no reason given'}); install flopscope with its optional dependencies, or leave out --charts`,
    );
  }
  return (await import('./napiCanvas.js')).napiRenderer(font);
}
