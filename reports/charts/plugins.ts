// What do our charts need that Chart.js lacks? Headings over bars, texts at bars, names at points without overlap, guide lines.

import type { Chart, Plugin } from 'chart.js';
import { draw, fontOf, type Pen } from './pen.js';
import { faded, FONT_SIZE, type Theme } from './theme.js';

/** Height of the heading line over a group of horizontal bars. */
export const HEADING = 20;

export interface Heading {
  readonly name: string;
  /** Lighter, after the name; left out where both do not fit. */
  readonly aside?: string;
}

/** A text line over each category of a horizontal bar chart; bars then have the whole width. */
export const headings = (theme: Theme, lines: readonly Heading[], barsHeight: (group: number) => number): Plugin => ({
  id: 'headings',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const scale = chart.scales['y']!;
      pen.textBaseline = 'middle';
      for (const [i, { name, aside = '' }] of lines.entries()) {
        const y = scale.getPixelForValue(i) - barsHeight(i) / 2 - HEADING / 2 + 2;
        pen.font = fontOf(600);
        const left = leftEdge(chart);
        const text = fit(pen, name, chart.width - left - 4);
        const after = left + pen.measureText(text).width + 8;
        pen.font = fontOf();
        const asideFits = aside !== '' && after + pen.measureText(aside).width < chart.width;
        // No grid line runs through words.
        pen.fillStyle = theme.surface;
        if (text !== '')
          pen.fillRect(left - 2, y - 9, (asideFits ? after + pen.measureText(aside).width : after - 8) - left + 5, 17);
        pen.fillStyle = theme.muted;
        if (asideFits) pen.fillText(aside, after, y);
        pen.font = fontOf(600);
        pen.fillStyle = theme.ink;
        pen.fillText(text, left, y);
      }
    });
  },
});

/** A text to the right of every bar's right end; `undefined` for none. */
export const barLabels = (theme: Theme, text: (dataset: number, index: number) => string | undefined): Plugin => ({
  id: 'barLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      pen.fillStyle = theme.ink;
      for (const [d] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const label = text(d, i);
          if (label === undefined) continue;
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          pen.fillText(label, Math.max(x, base) + 6, y + 0.5);
        }
    });
  },
});

/** A text in the middle of a bar's segment where it fits. */
export const segmentLabels = (
  ink: (dataset: number) => string,
  text: (dataset: number, index: number) => string,
): Plugin => ({
  id: 'segmentLabels',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf(400, FONT_SIZE - 1);
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      for (const [d] of chart.data.datasets.entries())
        for (const [i, element] of chart.getDatasetMeta(d).data.entries()) {
          const { x, y, base } = element.getProps(['x', 'y', 'base']) as unknown as Record<'x' | 'y' | 'base', number>;
          const label = text(d, i);
          if (label === '' || pen.measureText(label).width + 8 > Math.abs(x - base)) continue;
          pen.fillStyle = ink(d);
          pen.fillText(label, (x + base) / 2, y + 0.5);
        }
    });
  },
});

/** Where the chart's own margin ends. */
function leftEdge(chart: Chart): number {
  const { padding } = chart.options.layout ?? {};
  return 2 + (typeof padding === 'object' && 'left' in padding ? (padding.left ?? 0) : 0);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Directions in which a name may stand from its point, best first; distances grow when all near places are taken. */
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const;
const DISTANCES = [9, 20, 34, 52] as const;

/** A name at each point of the given datasets: never over another name or point, farther ones with a line to their point. */
export const pointNames = (theme: Theme, name: (dataset: number, index: number) => string | undefined): Plugin => ({
  id: 'pointNames',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      const points = namedPoints(chart, name);
      const taken: Box[] = points.map(({ x, y }) => around(x, y, 6, 6));
      const placed = points.flatMap((point) => {
        const box = freePlace(chart, taken, pen.measureText(point.text).width, point.x, point.y);
        if (!box) return [];
        taken.push(box);
        return [{ ...point, box }];
      });
      for (const { x, y, box } of placed) if (box.far) leader(pen, theme, x, y, box);
      for (const { text, colour, box } of placed) {
        // A leader of another name stops before this one.
        pen.fillStyle = faded(theme.surface, 0.85);
        pen.fillRect(box.left - 1, box.top, box.right - box.left + 2, box.bottom - box.top);
        pen.fillStyle = colour;
        pen.fillText(text, box.left, (box.top + box.bottom) / 2);
      }
    });
  },
});

function namedPoints(chart: Chart, name: (dataset: number, index: number) => string | undefined) {
  return chart.data.datasets.flatMap((dataset, d) =>
    chart.getDatasetMeta(d).data.flatMap((element, i) => {
      const text = name(d, i);
      const colour = dataset.borderColor as string;
      return text === undefined ? [] : [{ x: element.x, y: element.y, text, colour }];
    }),
  );
}

const around = (x: number, y: number, width: number, height: number): Box => ({
  left: x - width,
  right: x + width,
  top: y - height,
  bottom: y + height,
});

function freePlace(chart: Chart, taken: readonly Box[], width: number, x: number, y: number) {
  const area = chart.chartArea;
  for (const distance of DISTANCES)
    for (const [right, down] of DIRECTIONS) {
      const left = right === 0 ? x - width / 2 : right > 0 ? x + distance : x - distance - width;
      const middle = y + down * (distance + (right === 0 ? 2 : 0));
      const box = { left, right: left + width, top: middle - 7, bottom: middle + 7 };
      const inside =
        box.left >= area.left && box.right <= area.right + 8 && box.top >= area.top && box.bottom <= area.bottom;
      if (inside && !taken.some((other) => overlap(box, other))) return { ...box, far: distance > DISTANCES[0] };
    }
  return undefined;
}

function leader(pen: Pen, theme: Theme, x: number, y: number, box: Box): void {
  pen.strokeStyle = theme.muted;
  pen.lineWidth = 0.75;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(
    x < box.left ? box.left - 2 : x > box.right ? box.right + 2 : x,
    y < box.top ? box.top : y > box.bottom ? box.bottom : (box.top + box.bottom) / 2,
  );
  pen.stroke();
}

/** A straight line across the chart at a value of the x axis, with a text at its top. */
export const verticalLine = (theme: Theme, at: number, text: string): Plugin => ({
  id: 'verticalLine',
  beforeDatasetsDraw: (chart) => {
    const { top, bottom } = chart.chartArea;
    const x = chart.scales['x']!.getPixelForValue(at);
    draw(chart, (pen) => {
      pen.strokeStyle = theme.neutral;
      pen.lineWidth = 1.25;
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, bottom);
      pen.stroke();
      if (text === '') return;
      pen.font = fontOf();
      pen.fillStyle = theme.muted;
      pen.textBaseline = 'bottom';
      const width = pen.measureText(text).width;
      pen.fillText(text, Math.min(Math.max(x - width / 2, 0), chart.width - width), top - 3);
    });
  },
});

/** A file has no page behind it: paint the surface. */
export const background = (theme: Theme): Plugin => ({
  id: 'background',
  beforeDraw: (chart) => {
    draw(chart, (pen) => {
      pen.fillStyle = theme.surface;
      pen.fillRect(0, 0, chart.width, chart.height);
    });
  },
});

/** Shortens a text to a width, with "..." at its end. */
export function fit(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let kept = Array.from(text);
  while (kept.length > 1 && pen.measureText(`${kept.join('')}...`).width > width)
    kept = kept.slice(0, Math.max(1, kept.length - 1 - Math.floor(kept.length / 20)));
  return `${kept.join('')}...`;
}

/** The two ceilings of a roofline by name, in the empty room above the roof. */
export const roofTexts = (theme: Theme, ridge: number, flat: string, slope: string): Plugin => ({
  id: 'roofTexts',
  afterDatasetsDraw: (chart) => {
    const [x, y] = [chart.scales['x']!, chart.scales['y']!];
    const { left, right, bottom, top } = chart.chartArea;
    const ridgeAt = x.getPixelForValue(ridge);
    const [peakAt] = chart
      .getDatasetMeta(0)
      .data.slice(1)
      .map((element) => element.y);
    if (peakAt === undefined) return;
    draw(chart, (pen) => {
      pen.font = fontOf(600, FONT_SIZE - 1);
      pen.textAlign = 'right';
      pen.textBaseline = 'bottom';
      // Left of the ridge nothing is above the roof; right of it points are, where the roof was measured too low.
      const text = fit(pen, flat, right - left - 8);
      const besideRidge = ridgeAt - left > pen.measureText(text).width + 6;
      pen.fillStyle = theme.ink;
      pen.fillText(text, besideRidge ? ridgeAt : right - 2, peakAt - 5);
      // Where the slope is a third of its visible way down, its left is free if the text fits there.
      const start = Math.min(bottom, chart.getDatasetMeta(0).data[0]!.y);
      const middle = peakAt + (start - peakAt) * 0.45;
      const onSlope = x.getPixelForValue(ridge * (y.getValueForPixel(middle)! / y.getValueForPixel(peakAt)!));
      pen.textBaseline = 'middle';
      if (onSlope - left > pen.measureText(slope).width + 24 && ridgeAt > left && middle > top)
        pen.fillText(slope, onSlope - 18, middle);
    });
  },
});

/** The name of each stacked panel in its upper left corner, lighter words after it. */
export const panelNames = (theme: Theme, texts: readonly (readonly [name: string, aside: string])[]): Plugin => ({
  id: 'panelNames',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      const { left, right } = chart.chartArea;
      pen.textBaseline = 'top';
      for (const [i, [name, aside]] of texts.entries()) {
        const top = chart.scales[`y${i}`]!.top + 5;
        pen.font = fontOf(600);
        pen.fillStyle = theme.ink;
        const text = fit(pen, name, right - left - 12);
        pen.fillText(text, left + 8, top);
        const after = left + 16 + pen.measureText(text).width;
        pen.font = fontOf();
        pen.fillStyle = theme.muted;
        if (after + pen.measureText(aside).width < right) pen.fillText(aside, after, top);
      }
    });
  },
});
