// Puts charts on the page. A chart is drawn when it is near the screen, and after each change.

import { Chart } from '../charts/register.js';
import { DARK, LIGHT, type Theme } from '../charts/theme.js';
import { element } from './dom.js';
import { figureOf, type Figure, type Titled } from './figure.js';
import { isDark } from './themeButton.js';

/** Widths on an A4 page, in CSS pixels: of a chart that needs all of it, and of one in a pair. */
const PAPER = { wide: 660, pair: 306 };

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

  constructor() {
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

  /**
   * Replaces the figures of one place.
   * @param missing why some are not drawn; @param source stands in pictures that are saved
   */
  show(place: HTMLElement, titled: readonly Titled[], missing: readonly string[], source: string): void {
    for (const figure of this.#figures.filter(({ root }) => place.contains(root))) {
      figure.chart?.destroy();
      this.#near.unobserve(figure.root);
    }
    this.#figures = this.#figures.filter(({ root }) => !place.contains(root));
    const made = titled.map((one) => figureOf(one, source));
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

  /** One chart per frame, so that scrolling stays smooth. */
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
