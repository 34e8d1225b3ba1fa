// Draws a chart as SVG whose text stays text: fonts are named, letters are no outlines.

import { createCanvas, SvgExportFlag, type SKRSContext2D } from '@napi-rs/canvas';
import type { PictureFile } from '../../reports/charts/pictureFile.js';
import { drawOn } from './napiCanvas.js';

/** @param family the font that the letters are named by */
export function svgOf(file: PictureFile, family: string): Buffer {
  const { width, height, config } = file;
  const canvas = createCanvas(width, height, SvgExportFlag.NoPrettyXML);
  const context = canvas.getContext('2d');
  drawCirclesAsCurves(context);
  const anchors = noteAnchors(context);
  drawOn(canvas, config, 1);
  const svg = withPlainText(canvas.getContent().toString(), anchors, family)
    // The attribute that all elements share is written once, and coordinates are rounded.
    .replaceAll(' stroke-miterlimit="10"', '')
    .replaceAll(/ d="[^"]*"/g, (path) => path.replaceAll(/\d+\.\d{3,}/g, (number) => rounded(Number(number))))
    .replaceAll(CIRCLE, (path, before: string, ...at: string[]) => asCircle(path, before, at.slice(0, 4).map(Number)))
    // A mark is filled and then drawn around: one element can do both.
    .replaceAll(/<(path|circle) ([^>]*?)( (?:d|cx)="[^>]*)\/><\1 fill="none" ([^>]*?)\3\/>/g, '<$1 $2 $4$3/>')
    .replace(/(<svg [^>]*?) width="[^"]*" height="[^"]*"/, `$1 ${sizeOf(file)} stroke-miterlimit="10"`);
  return Buffer.from(svg);
}

/** Skia writes an arc as many short curves, and four suffice for a circle. */
function drawCirclesAsCurves(context: SKRSContext2D): void {
  const arc = context.arc.bind(context);
  /** The handles of the cubic curve nearest to a quarter of a circle, in radii. */
  const handle = 0.5522847498;
  context.arc = (x, y, r, from, to, anticlockwise) => {
    if (Math.abs(to - from) < 2 * Math.PI - 1e-9) {
      arc(x, y, r, from, to, anticlockwise);
      return;
    }
    const h = handle * r;
    context.moveTo(x + r, y);
    context.bezierCurveTo(x + r, y + h, x + h, y + r, x, y + r);
    context.bezierCurveTo(x - h, y + r, x - r, y + h, x - r, y);
    context.bezierCurveTo(x - r, y - h, x - h, y - r, x, y - r);
    context.bezierCurveTo(x + h, y - r, x + r, y - h, x + r, y);
  };
}

const CURVE = String.raw`C(?:[-\d.]+ ){4}`;
/** Four curves; captured are the attributes, the start, and the end of the first curve. */
const CIRCLE = new RegExp(
  String.raw`<path ([^>]*?) d="M([-\d.]+) ([-\d.]+)${CURVE}([-\d.]+) ([-\d.]+)(?:${CURVE}[-\d.]+ [-\d.]+){3}Z"/>`,
  'g',
);

/** A circle that starts at its right and goes by its bottom, as drawn above. */
function asCircle(path: string, before: string, [right = 0, y = 0, x = 0, bottom = 0]: readonly number[]): string {
  const radius = right - x;
  if (radius <= 0 || Math.abs(bottom - y - radius) > 0.02) return path;
  return `<circle ${before} cx="${x}" cy="${y}" r="${rounded(radius)}"/>`;
}

interface Anchor {
  readonly align: string;
  readonly width: number;
  readonly weight: string;
}

/** How each text is aligned, in the order in which texts are drawn. */
function noteAnchors(context: SKRSContext2D): readonly Anchor[] {
  const anchors: Anchor[] = [];
  const fillText = context.fillText.bind(context);
  context.fillText = (text, x, y, ...rest) => {
    if (text.trim() !== '')
      anchors.push({
        align: context.textAlign,
        width: context.measureText(text).width,
        weight: /\b(600|bold)\b/.test(context.font) ? '600' : '400',
      });
    fillText(text, x, y, ...rest);
  };
  return anchors;
}

/**
 * Skia places every letter by itself. One position for each text, at the side to which it is
 * aligned, allows another font and edited words.
 */
function withPlainText(svg: string, anchors: readonly Anchor[], family: string): string {
  let at = 0;
  return svg.replaceAll(/<text ([^>]*)>/g, (whole, attributes: string) => {
    const anchor = anchors[at++];
    const [, first] = /\bx="([-\d.e]+)/.exec(attributes) ?? [];
    const [, y] = /\by="([-\d.e]+)/.exec(attributes) ?? [];
    if (!anchor || first === undefined || y === undefined) return whole;
    const side = anchor.align === 'right' || anchor.align === 'end' ? 1 : anchor.align === 'center' ? 0.5 : 0;
    const kept = attributes
      .replaceAll(/\b(?:x|y|font-family|font-weight)="[^"]*"/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    return `<text x="${rounded(Number(first) + side * anchor.width)}" y="${rounded(Number(y))}" text-anchor="${['start', 'middle', 'end'][2 * side]}" font-family="${escaped(family)}, Helvetica, Arial, sans-serif" font-weight="${anchor.weight}" ${kept}>`;
  });
}

const rounded = (pixels: number): string => String(Math.round(pixels * 100) / 100);
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function sizeOf({ width, height, print }: PictureFile): string {
  const unit = print?.unit ?? '';
  const wide = print?.width ?? width;
  return `width="${wide}${unit}" height="${rounded((wide * height) / width)}${unit}" viewBox="0 0 ${width} ${height}"`;
}
