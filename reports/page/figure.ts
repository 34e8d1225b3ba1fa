// The frame of a chart: title, explanation, data as a table, and a button that saves it.

import type { ChartTable, Picture } from '../charts/chart.js';
import { pictureFile } from '../charts/pictureFile.js';
import { Chart } from '../charts/register.js';
import { LIGHT } from '../charts/theme.js';
import { visible } from '../../src/visible.js';
import { button, clipped, element } from './dom.js';
import { save } from './saving.js';
import { scrollFrame } from './scrollFrame.js';

/** A picture with its names. */
export interface Titled {
  /** Of its place in the page and of the file that it is saved as. */
  readonly id: string;
  readonly title: string;
  /** The heading above it, if the page has its title there. */
  readonly heading?: string;
  readonly picture: Picture;
  /** Needs the whole width; the others stand in pairs where there is room. */
  readonly wide: boolean;
}

export interface Figure {
  readonly root: HTMLElement;
  readonly picture: Picture;
  readonly frame: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly wide: boolean;
  chart: Chart | null;
  /** The state that the canvas shows. It is drawn again if the state changes. */
  drawn: string;
}

export function figureOf(titled: Titled, source: string): Figure {
  const { id, title, picture, wide } = titled;
  const canvas = element('canvas', { role: 'img', 'aria-label': `${title}. ${picture.summary}` });
  const frame = element('div', { class: 'frame' }, canvas);
  const root = element(
    'figure',
    { class: wide ? 'wide' : undefined, id },
    element('h3', {}, titled.heading ?? title),
    element('p', { class: 'lead' }, picture.lead),
    frame,
    element(
      'div',
      { class: 'under' },
      dataOf(title, picture.table),
      button(
        'Save as PNG',
        () => {
          saveAsPng(titled, source);
        },
        { class: 'quiet', 'aria-label': `Save as PNG, ${title}` },
      ),
    ),
  );
  return { root, picture, frame, canvas, wide, chart: null, drawn: '' };
}

/**
 * The picture that --charts writes: with title, explanation and source, on a light background.
 */
function saveAsPng({ id, title, picture }: Titled, source: string): void {
  const { width, height, config } = pictureFile(picture, LIGHT, { title, source });
  const canvas = element('canvas', { width, height });
  const drawn = new Chart(canvas, config);
  canvas.toBlob((blob) => {
    drawn.destroy();
    if (blob) save(blob, `${id}.png`);
  });
}

/** The chart's data as a table, made when it is first opened. */
function dataOf(title: string, { head, rows }: ChartTable): HTMLElement {
  const details = element(
    'details',
    {},
    element('summary', {}, 'Data', element('span', { class: 'offscreen' }, ` of ${title}`)),
  );
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table')) return;
    const line = (cells: readonly string[], name: 'th' | 'td'): HTMLElement =>
      element('tr', {}, ...cells.map((text) => element(name, {}, clipped(visible(text)))));
    details.append(
      scrollFrame(
        `Data of ${title}`,
        element(
          'table',
          { class: 'plain' },
          element('thead', {}, line(head, 'th')),
          element('tbody', {}, ...rows.map((row) => line(row, 'td'))),
        ),
      ),
    );
  });
  return details;
}
