// Draws a chart as a page of PDF with its fonts inside.

import { PDFDocument, type SKRSContext2D } from '@napi-rs/canvas';
import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { drawOn } from './napiCanvas.js';

/** CSS pixels are 1/96 inch, points of a PDF 1/72. */
const POINTS_PER_PIXEL = 72 / 96;

export function pdfOf({ width, height, config }: PictureFile, title: string): Buffer {
  const document = new PDFDocument({ title, creator: 'flopscope' });
  const page = document.beginPage(width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL) as SKRSContext2D;
  const surface = { width, height, getContext: () => context };
  const context = scaledContext(page, surface, POINTS_PER_PIXEL);
  drawOn(surface, config, 1);
  document.endPage();
  return document.close();
}

/** Wraps the context of a page: it lacks a canvas, and its unit is not the pixel of Chart.js. */
function scaledContext(page: SKRSContext2D, canvas: object, scale: number): SKRSContext2D {
  const own: Readonly<Record<string, unknown>> = {
    canvas,
    setTransform: (...matrix: number[]) => {
      page.setTransform(...(matrix.map((entry) => entry * scale) as [number, number, number, number, number, number]));
    },
    resetTransform: () => {
      page.setTransform(scale, 0, 0, scale, 0, 0);
    },
  };
  page.setTransform(scale, 0, 0, scale, 0, 0);
  return new Proxy(page, {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(own, key)) return own[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
