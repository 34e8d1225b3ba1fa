// How do charts come onto the page? As figures that draw themselves when they are near the screen, and again for every change.

import { CHARTS } from '../charts/table.js';
import { isMissing } from '../charts/chart.js';
import { Chart } from '../charts/register.js';
import type { Scene } from '../charts/scene.js';
import { DARK, LIGHT, type Theme } from '../charts/theme.js';
import { element } from './dom.js';
import { figureOf, type Figure } from './figure.js';
import { isDark } from './themeButton.js';

/** Those about layers and stages, which show the networks in focus. */
const CLOSE = new Set(['stages', 'balance', 'roofline', 'layer-time']);

/** Widths on an A4 page, in CSS pixels: of a chart that needs all of it, and of one in a pair. */
const PAPER = { wide: 660, pair: 306 };

export type Part = 'whole' | 'close';

export class Figures {
  #figures: Figure[] = [];
  #paper = false;
  readonly #waiting = new Set<Figure>();
  readonly #near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const figure = this.#figures.find(({ root }) => root === target);
        if (figure && isIntersecting) this.#drawSoon(figure);
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

  /** Replaces the figures of one part. @param source stands in pictures that are saved */
  show(scene: Scene, part: Part, source: string): void {
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
      else made.push(figureOf(chart, picture, source));
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

  /** One chart per frame: whoever scrolls sees no jump. */
  #drawSoon(figure: Figure): void {
    this.#waiting.add(figure);
    if (this.#waiting.size > 1) return;
    const next = (): void => {
      const [first] = this.#waiting;
      if (!first) return;
      this.#waiting.delete(first);
      if (this.#figures.includes(first)) this.#draw(first);
      if (this.#waiting.size > 0) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
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

const notDrawn = (reasons: readonly string[]): HTMLElement =>
  element(
    'div',
    { class: 'note wide' },
    element('p', {}, 'Not drawn, because its data is not there:'),
    element('ul', {}, ...reasons.map((reason) => element('li', {}, reason))),
  );
