// Shades the edge of a table that scrolls while columns are out of sight.

import { element } from './dom.js';

/** @param name for screen readers */
export function scrollFrame(name: string, content: HTMLElement): HTMLElement {
  const scroller = element('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': name }, content);
  const frame = element('div', { class: 'scrollframe' }, scroller);
  const look = (): void => {
    const { scrollLeft, scrollWidth, clientWidth } = scroller;
    frame.classList.toggle('more', scrollLeft + clientWidth < scrollWidth - 2);
  };
  scroller.addEventListener('scroll', look, { passive: true });
  const sizes = new ResizeObserver(look);
  sizes.observe(scroller);
  sizes.observe(content);
  return frame;
}
