// Where the cost lies: stages, blocks and layers as bars of one width, by a cost that is chosen.

import { textWidth } from '../charts/textWidth.js';
import { FONT, FONT_SIZE } from '../charts/theme.js';
import { percent } from '../text/number.js';
import type { Subject } from '../charts/scene.js';
import type { Answer } from '../report/answer.js';
import { briefName, costsOf, partsOf, totalOf, type Cost, type Part } from '../report/costParts.js';
import { layersOf } from '../report/timedLayers.js';
import { visible } from '../../src/visible.js';
import { button, choice, element } from './dom.js';

/** Narrower parts are drawn together, so that no bar is thinner than a line. */
const LEAST_SHARE = 0.004;

/** A stage, or a block of it, opens to the whole width when it is pressed. */
export function icicle(subject: Subject, answer: Answer): HTMLElement {
  const layers = layersOf(subject);
  const costs = costsOf(answer);
  const bars = element('div', { class: 'bars' });
  const path = element('p', { class: 'path', role: 'status' });
  let cost = costs[0]!;
  const draw = (opened: readonly string[]): void => {
    let root: Part = { name: visible(subject.label), ...partsOf(layers, cost), words: '' };
    const whole = root.cost;
    for (const name of opened) root = root.parts.find((part) => part.name === name) ?? root;
    path.replaceChildren(
      ...(opened.length > 0
        ? [
            button(
              'Whole network',
              () => {
                draw([]);
              },
              { class: 'quiet' },
            ),
            ' ',
          ]
        : []),
      `${[visible(subject.label), ...opened.map((name) => visible(name) || '(no name)')].join(' / ')}: ${cost.show(root.cost)}${cost.sum}${opened.length > 0 ? `, ${percent(root.cost, whole) || '0 %'} of the network` : ''}`,
    );
    bars.replaceChildren(
      ...root.parts
        .filter((part) => part.cost > 0)
        .map((part) =>
          partBar(part, root, whole, cost, (inner) => {
            draw([...opened, ...inner]);
          }),
        ),
    );
  };
  const picker = choice(
    'By',
    costs.map(({ title }) => title),
    (index) => {
      cost = costs[index]!;
      draw([]);
    },
  );
  draw([]);
  return element('div', { class: 'icicle', id: 'icicle' }, picker, path, bars);
}

/** @param open is called with the names that lead to the part that was pressed */
function partBar(
  part: Part,
  around: Pick<Part, 'name' | 'cost'>,
  whole: number,
  cost: Cost,
  open: (path: readonly string[]) => void,
): HTMLElement {
  const label = visible(part.name) || '(no name)';
  // Inside of its block a layer goes by the rest of its name.
  const brief = visible(briefName(part.name, around.name)) || label;
  const share = percent(part.cost, whole) || '0 %';
  const title = `${label}${part.words === '' ? '' : ` (${visible(part.words)})`}: ${cost.show(part.cost)}, ${share} of the network`;
  const words = labelOf(brief, share);
  const head =
    part.parts.length === 0
      ? element('div', { class: 'leaf', title }, ...words)
      : button(
          '',
          () => {
            open([part.name]);
          },
          { class: 'leaf', title, 'aria-label': title },
        );
  if (part.parts.length > 0) head.append(...words);
  const children = element('div', { class: 'bars' });
  const small: Part[] = [];
  for (const inner of part.parts) {
    if (inner.cost === 0) continue;
    if (inner.cost < LEAST_SHARE * whole) small.push(inner);
    else
      children.append(
        partBar(inner, part, whole, cost, (path) => {
          open([part.name, ...path]);
        }),
      );
  }
  if (small.length > 0) {
    const rest = element(
      'div',
      { class: 'part rest' },
      element('div', { class: 'leaf', title: `${small.length} smaller parts: ${cost.show(totalOf(small))}` }),
    );
    rest.style.setProperty('flex-grow', String(totalOf(small) / part.cost));
    children.append(rest);
  }
  const made = element('div', { class: `part depth` }, head, part.parts.length > 0 ? children : null);
  made.style.setProperty('flex-grow', String(part.cost / around.cost));
  return made;
}

/**
 * The name of a bar, or its end, above its share. What does not fit whole is not shown: first the
 * share goes, then the name. The style compares the room of the bar with these widths.
 */
function labelOf(name: string, share: string): readonly HTMLElement[] {
  const end = name.slice(1 + Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'))) || name;
  const widths = { '--name': widthOf(name, 600), '--end': widthOf(end, 600), '--share': widthOf(share, 400) };
  const made = [
    element('span', { class: 'name' }, name),
    ...(end === name ? [] : [element('span', { class: 'end', 'aria-hidden': 'true' }, end)]),
    element('span', { class: 'share' }, share),
  ];
  for (const span of made)
    for (const [key, width] of Object.entries(widths)) span.style.setProperty(key, `${width.toFixed(2)}em`);
  return made;
}

const canvas = document.createElement('canvas').getContext('2d');

/** In parts of the font's size. */
function widthOf(text: string, weight: number): number {
  if (canvas === null) return textWidth(text) / FONT_SIZE;
  canvas.font = `${weight} 100px ${FONT}, system-ui, sans-serif`;
  return canvas.measureText(text).width / 100;
}
