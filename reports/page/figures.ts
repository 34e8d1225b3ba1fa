// How do charts come onto the page? As figures that draw themselves when they are near the screen, and again for every change.

import { CHARTS } from '../charts/table.js';
import { isMissing, type Chart as ChartDefinition, type ChartTable, type Picture } from '../charts/chart.js';
import { Chart } from '../charts/register.js';
import type { Scene } from '../charts/scene.js';
import { DARK, LIGHT, type Theme } from '../charts/theme.js';
import { button, element } from './dom.js';
import { save } from './saving.js';

/** Charts that need the whole width; the others stand in pairs where there is room. */
const WIDE = new Set(['relative-cost', 'stages', 'balance']);
/** Those about layers and stages, which show the networks in focus. */
const CLOSE = new Set(['stages', 'balance', 'roofline', 'layer-time']);

/** Widths on an A4 page, in CSS pixels: of a chart that needs all of it, and of one in a pair. */
const PAPER = { wide: 660, pair: 306 };

export type Part = 'whole' | 'close';

interface Figure {
  readonly root: HTMLElement;
  readonly picture: Picture;
  readonly frame: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly wide: boolean;
  chart: Chart | null;
  /** What the canvas shows: redrawn when it differs from what it should. */
  drawn: string;
}

export class Figures {
  #figures: Figure[] = [];
  #paper = false;
  readonly #near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const figure = this.#figures.find(({ root }) => root === target);
        if (figure && isIntersecting) this.#draw(figure);
      }
    },
    { rootMargin: '500px' },
  );

  constructor(private readonly places: Readonly<Record<Part, HTMLElement>>) {
    addEventListener('beforeprint', () => {
      this.#paper = true;
      for (const figure of this.#figures) this.#draw(figure);
    });
    addEventListener('afterprint', () => {
      this.#paper = false;
      this.redraw();
    });
    let width = innerWidth;
    let waiting = 0;
    addEventListener('resize', () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        this.redraw();
      }, 120);
    });
  }

  /** Replaces the figures of one part. */
  show(scene: Scene, part: Part): void {
    const place = this.places[part];
    for (const figure of this.#figures.filter(({ root }) => place.contains(root))) {
      figure.chart?.destroy();
      this.#near.unobserve(figure.root);
    }
    this.#figures = this.#figures.filter(({ root }) => !place.contains(root));
    const missing: string[] = [];
    const made: Figure[] = [];
    for (const chart of CHARTS.filter(({ id }) => CLOSE.has(id) === (part === 'close'))) {
      const picture = chart.picture(scene);
      if (isMissing(picture)) missing.push(`${chart.title}: ${picture.missing}`);
      else made.push(figureOf(chart, picture));
    }
    place.replaceChildren(...made.map(({ root }) => root), ...(missing.length > 0 ? [notDrawn(missing)] : []));
    this.#figures.push(...made);
    for (const figure of made) {
      this.#near.observe(figure.root);
      figure.frame.style.height = `${figure.picture.height(figure.frame.clientWidth)}px`;
    }
  }

  /** After a change of theme or width: figures out of sight wait until they are near. */
  redraw(): void {
    for (const figure of this.#figures) {
      figure.frame.style.height = `${figure.picture.height(figure.frame.clientWidth)}px`;
      this.#near.unobserve(figure.root);
      this.#near.observe(figure.root);
    }
  }

  #draw(figure: Figure): void {
    const width = this.#paper ? PAPER[figure.wide ? 'wide' : 'pair'] : figure.frame.clientWidth;
    const dark = !this.#paper && isDark();
    const state = `${width} ${dark}`;
    if (width === 0 || figure.drawn === state) return;
    figure.drawn = state;
    figure.chart?.destroy();
    const theme: Theme = dark ? DARK : LIGHT;
    const height = Math.round(figure.picture.height(width));
    figure.canvas.width = width;
    figure.canvas.height = height;
    figure.canvas.style.width = `${width}px`;
    figure.canvas.style.height = `${height}px`;
    figure.frame.style.height = `${height}px`;
    const config = figure.picture.config(theme, width);
    const ratio = this.#paper ? 2 : Math.max(1, devicePixelRatio);
    figure.chart = new Chart(figure.canvas, { ...config, options: { ...config.options, devicePixelRatio: ratio } });
  }
}

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

function figureOf(chart: ChartDefinition, picture: Picture): Figure {
  const canvas = element('canvas', { role: 'img', 'aria-label': `${chart.title}. ${picture.summary}` });
  const frame = element('div', { class: 'frame' }, canvas);
  const root = element(
    'figure',
    { class: WIDE.has(chart.id) ? 'wide' : undefined, id: chart.id },
    element('h3', {}, chart.title),
    element('p', { class: 'lead' }, picture.lead),
    frame,
    element(
      'div',
      { class: 'under' },
      dataOf(chart, picture.table),
      button(
        'Save as PNG',
        () => {
          canvas.toBlob((blob) => {
            if (blob) save(blob, `${chart.id}.png`);
          });
        },
        { class: 'quiet' },
      ),
    ),
  );
  return { root, picture, frame, canvas, wide: WIDE.has(chart.id), chart: null, drawn: '' };
}

/** The chart's data as a table, made when it is first opened. */
function dataOf(chart: ChartDefinition, { head, rows }: ChartTable): HTMLElement {
  const details = element('details', {}, element('summary', {}, 'Data'));
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table')) return;
    const line = (cells: readonly string[], name: 'th' | 'td'): HTMLElement =>
      element(
        'tr',
        {},
        ...cells.map((text) => element(name, { title: text }, element('span', { class: 'clip' }, text))),
      );
    details.append(
      element(
        'div',
        { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `Data of ${chart.title}` },
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

const notDrawn = (reasons: readonly string[]): HTMLElement =>
  element(
    'div',
    { class: 'note wide' },
    element('p', {}, 'Not drawn, because its data is not there:'),
    element('ul', {}, ...reasons.map((reason) => element('li', {}, reason))),
  );
