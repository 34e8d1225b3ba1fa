// The icicle with its controls: by which cost, zoomed into a part, parts folded; keys move in it.

import { countOf, type CountName } from '../../../src/metrics/countNames.js';
import { visible } from '../../../src/visible.js';
import { DARK, LIGHT } from '../../charts/theme.js';
import { percent, short } from '../../text/number.js';
import { button, choice, element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';
import { drawIcicle, LiveIcicle, type IcicleLook } from '../pictures/icicle.js';
import { partsOf, pathTo, placesIn, type Part } from '../pictures/parts.js';
import { saveButtons } from './saveButtons.js';
import { METRICS } from '../state/metrics.js';

/** Width of a picture that is saved. */
const SAVED_WIDTH = 1200;

export function iciclePane(studio: Studio): HTMLElement {
  const frame = element('div', { class: 'icicle', id: 'icicle', role: 'tree', 'aria-label': 'Parts of the network' });
  const path = element('p', { class: 'path' });
  const hint = element('p', { class: 'hint', 'aria-hidden': 'true' });
  const picker = choice(
    'Area',
    METRICS.map((name) => countOf(name).title),
    (index) => {
      studio.update({ ...studio.state, metric: METRICS[index]! }, 'look');
    },
  );
  const select = picker.querySelector('select')!;
  select.id = 'metric';
  const folded = new Set<string>();
  /** Pixels, as they were last told: asking for them lays the whole page out. */
  let room = 800;
  let zoom = '';
  let owner: number | undefined;
  let focus = '';
  let live: LiveIcicle | undefined;
  let drawn: readonly unknown[] = [];
  let root: Part | undefined;

  const lookAt = (theme: IcicleLook['theme'], width: number, counted: Counted, whole: number): IcicleLook => ({
    ...{ theme, width, folded, whole },
    selected: selectedPlace(counted, studio.selected),
    show: (cost) => `${short(cost)} ${unitOf(studio.state.metric)}`,
  });

  function draw(): void {
    const { tab, state } = studio;
    const { counted } = studio.resultOf(tab);
    frame.classList.toggle('stale', tab !== undefined && studio.isGrey(tab));
    select.selectedIndex = METRICS.indexOf(state.metric);
    if (!tab || !counted) {
      frame.replaceChildren();
      [drawn, live] = [[], undefined];
      return;
    }
    if (owner !== tab.id) {
      [owner, zoom, focus] = [tab.id, '', ''];
      folded.clear();
    }
    const width = Math.max(280, room);
    const now = [counted, state.metric, width, isDark(), zoom, [...folded].join(), studio.selected, focus];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    root = partsOf(counted.name, counted.profile.layers, state.metric);
    const way = pathTo(root, zoom);
    const shown = way.at(-1)!;
    zoom = shown.key;
    const hadFocus = frame.contains(document.activeElement);
    live ??= new LiveIcicle();
    live.draw(shown, lookAt(isDark() ? DARK : LIGHT, width, counted, root.cost));
    if (live.picture.parentNode !== frame) frame.replaceChildren(live.picture);
    makeReachable();
    if (hadFocus) reachable()?.focus();
    path.replaceChildren(...crumbs(way, root.cost));
  }

  function crumbs(way: readonly Part[], whole: number): readonly (Node | string)[] {
    const last = way.at(-1)!;
    return [
      ...way.slice(0, -1).flatMap((part) => [
        button(
          visible(part.name) || '(no name)',
          () => {
            zoomTo(part.key);
          },
          { class: 'quiet' },
        ),
        ' / ',
      ]),
      `${visible(last.name) || '(no name)'}: ${short(last.cost)} ${unitOf(studio.state.metric)}${last.kind === 'network' ? '' : `, ${percent(last.cost, whole) || '0 %'} of the network`}`,
    ];
  }

  /** One of the bars takes the focus. */
  function makeReachable(): void {
    const bars = [...frame.querySelectorAll<SVGGElement>('.bar[data-key]')];
    const wanted = bars.find((bar) => bar.dataset['key'] === focus) ?? bars[0];
    for (const bar of bars) {
      const tabindex = bar === wanted ? '0' : '-1';
      if (bar.getAttribute('tabindex') !== tabindex) bar.setAttribute('tabindex', tabindex);
    }
  }
  const reachable = (): SVGGElement | null => frame.querySelector<SVGGElement>('.bar[tabindex="0"]');

  function zoomTo(key: string): void {
    [zoom, focus] = [key, key];
    const { counted } = studio.resultOf(studio.tab);
    const part = root && key !== '' ? pathTo(root, key).at(-1) : undefined;
    studio.region = new Set(counted && part ? placesIn(part).map((place) => counted.profile.layers[place]!.name) : []);
    studio.draw();
  }
  function focusOn(key: string): void {
    focus = key;
    makeReachable();
    reachable()?.focus();
  }
  function toggleFold(part: Part): void {
    if (part.parts.length === 0) return;
    if (!folded.delete(part.key)) folded.add(part.key);
    focus = part.key;
    draw();
  }

  function act(key: string): void {
    if (!root) return;
    const part = key === '' ? root : pathTo(root, key).at(-1)!;
    focus = part.key;
    const { counted } = studio.resultOf(studio.tab);
    if (part.layer !== undefined) studio.select(counted?.profile.layers[part.layer]?.name ?? null);
    else zoomTo(part.key === zoom ? (pathTo(root, zoom).at(-2)?.key ?? '') : part.key);
  }

  frame.addEventListener('click', (event) => {
    const key = keyAt(event);
    if (key === undefined) return;
    if (event.shiftKey && root) toggleFold(key === '' ? root : pathTo(root, key).at(-1)!);
    else act(key);
  });
  frame.addEventListener('pointermove', (event) => {
    const words = (event.target as Element).closest('.bar')?.getAttribute('aria-label') ?? '';
    if (words === frame.title) return;
    frame.title = hint.textContent = words;
  });
  frame.addEventListener('pointerleave', () => {
    hint.textContent = '';
  });
  frame.addEventListener('focusin', (event) => {
    hint.textContent = (event.target as Element).getAttribute('aria-label') ?? '';
  });
  frame.addEventListener('keydown', (event) => {
    const key = keyAt(event);
    if (key === undefined || !root) return;
    const way = key === '' ? [root] : pathTo(root, key);
    const part = way.at(-1)!;
    const parent = way.at(-2);
    const beside = parent?.parts.filter(({ cost }) => cost > 0) ?? [];
    const at = beside.indexOf(part);
    const drawnKeys = new Set(
      [...frame.querySelectorAll<SVGGElement>('.bar[data-key]')].map((bar) => bar.dataset['key']!),
    );
    const reach = (one: Part | undefined): void => {
      if (one && drawnKeys.has(one.key)) focusOn(one.key);
    };
    if (event.key === 'ArrowRight') reach(beside.slice(at + 1).find((one) => drawnKeys.has(one.key)));
    else if (event.key === 'ArrowLeft')
      reach(
        beside
          .slice(0, at)
          .reverse()
          .find((one) => drawnKeys.has(one.key)),
      );
    else if (event.key === 'ArrowDown') reach(part.parts.find((one) => drawnKeys.has(one.key)));
    else if (event.key === 'ArrowUp') reach(parent);
    else if (event.key === 'Enter') act(key);
    else if (event.key === ' ') toggleFold(part);
    else if (event.key === 'Escape') zoomTo(pathTo(root, zoom).at(-2)?.key ?? '');
    else return;
    event.preventDefault();
  });
  new ResizeObserver(([entry]) => {
    room = Math.floor(entry!.contentRect.width);
    if (room > 0) draw();
  }).observe(frame);
  studio.onDraw(draw);

  return element(
    'section',
    { class: 'where', 'aria-labelledby': 'where-title' },
    element(
      'div',
      { class: 'bar-head' },
      element('h2', { id: 'where-title' }, 'Where it goes'),
      picker,
      saveButtons('icicle', () => {
        const { counted } = studio.resultOf(studio.tab);
        if (!counted || !root) return undefined;
        return drawIcicle(pathTo(root, zoom).at(-1)!, lookAt(LIGHT, SAVED_WIDTH, counted, root.cost));
      }),
    ),
    path,
    frame,
    hint,
    element(
      'p',
      { class: 'offscreen' },
      'Arrow keys move between parts, Enter opens a part or points out a layer, Space folds, Escape goes up.',
    ),
  );
}

const keyAt = (event: Event): string | undefined =>
  (event.target as Element).closest<SVGGElement>('.bar[data-key]')?.dataset['key'];

const selectedPlace = ({ profile: { layers } }: Counted, name: string | null): number | null =>
  name === null ? null : layers.findIndex((layer) => layer.name === name);

export const unitOf = (metric: CountName): string => {
  const { words } = countOf(metric);
  return metric.startsWith('memoryAccess') || metric === 'cio' || metric === 'activations' ? 'elements' : words;
};
