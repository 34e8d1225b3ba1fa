// The interface of a renderer: it draws PNG with visible text, or fails.

import type { PictureFile } from '../../reports/charts/pictureFile.js';

export interface Renderer {
  readonly name: string;
  /** The font of its letters. */
  readonly family: string;
  png(file: PictureFile): Promise<Buffer>;
}

export const RENDERER_NAMES = ['chartjs-node-canvas', '@napi-rs/canvas'] as const;
export type RendererName = (typeof RENDERER_NAMES)[number];

/** The bundled fonts, so that no font of the system is needed. */
export const FONT_FILES = [
  { weight: 400, path: 'fonts/inter-400.ttf' },
  { weight: 600, path: 'fonts/inter-600.ttf' },
] as const;

/** What both canvases share: enough to detect whether text is drawn. */
interface Probe {
  font: string;
  fillStyle: unknown;
  fillText(text: string, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> };
}

/**
 * @throws if text of the bundled font would be invisible, because such a picture is no chart
 */
export function checkInk(pen: Probe, name: string): void {
  pen.fillStyle = '#000000';
  for (const { weight } of FONT_FILES) {
    pen.font = `${weight} 24px Inter`;
    const before = ink(pen);
    pen.fillText('x', 4 + (weight === 600 ? 32 : 0), 28);
    if (ink(pen) === before)
      throw new Error(
        `${name} draws no letters (weight ${weight} of the bundled font): the charts would have no words`,
      );
  }
}

const ink = (pen: Probe): number => {
  const { data } = pen.getImageData(0, 0, 64, 40);
  let covered = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) covered++;
  return covered;
};
