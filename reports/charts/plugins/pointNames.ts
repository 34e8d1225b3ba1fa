// Plugin: names beside points without overlap. A line leads from a distant name to its point.

import type { Chart, Plugin } from 'chart.js';
import { draw, fontOf, type Pen } from '../pen.js';
import { faded, type Theme } from '../theme.js';

/** In pixels of the canvas. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Directions in which a name may stand from its point, best first; distances grow when all near
 * places are taken.
 */
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

/**
 * A name at each point; one without a free place is left out.
 * @param farthest a name from its point, in pixels
 * @param keepOut where no name may stand
 */
export const pointNames = (
  theme: Theme,
  name: (dataset: number, index: number) => string | undefined,
  farthest: number,
  keepOut: (chart: Chart) => readonly Box[] = () => [],
): Plugin => ({
  id: 'pointNames',
  afterDatasetsDraw: (chart) => {
    draw(chart, (pen) => {
      pen.font = fontOf();
      pen.textBaseline = 'middle';
      const points = namedPoints(chart, name);
      const taken: Box[] = [...keepOut(chart), ...points.map(({ x, y }) => around(x, y, 6, 6))];
      const placed = points.flatMap((point) => {
        const box = freePlace(chart, taken, pen.measureText(point.text).width, point, farthest);
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

function freePlace(
  { chartArea: area }: Chart,
  taken: readonly Box[],
  width: number,
  { x, y }: { readonly x: number; readonly y: number },
  farthest: number,
) {
  for (const distance of DISTANCES.filter((one) => one <= farthest))
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
