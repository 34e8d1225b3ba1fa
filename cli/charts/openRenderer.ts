// What draws charts into files? chartjs-node-canvas where it is installed, @napi-rs/canvas where not; same pictures from both.

import type { Renderer, RendererName } from './renderer.js';

/** The first that works here. @param wanted only this one */
export async function openRenderer(wanted?: RendererName): Promise<Renderer> {
  if (wanted !== '@napi-rs/canvas') {
    const { nodeCanvasRenderer } = await import('./nodeCanvas.js');
    const renderer = await nodeCanvasRenderer();
    if (renderer) return renderer;
    if (wanted !== undefined)
      throw new Error(
        'chartjs-node-canvas is not installed: its native build needs Cairo and Pango with their headers',
      );
  }
  return (await import('./napiCanvas.js')).napiRenderer();
}
