// Where the cost lies: stages, blocks and layers as bars of one width, by a cost that is chosen.

import { milliseconds, short, percent } from '../text/number.js';
import type { Subject } from '../charts/scene.js';
import type { Answer } from '../report/answer.js';
import type { ReportLayer } from '../report/layerRow.js';
import { layersOf } from '../report/timedLayers.js';
import { visible } from '../../src/visible.js';
import { button, choice, element } from './dom.js';

/** A part of the network: a stage, a block or a layer. */
interface Part {
  readonly name: string;
  readonly cost: number;
  readonly parts: readonly Part[];
  readonly words: string;
}

interface Cost {
  readonly title: string;
  readonly show: (value: number) => string;
  /** What a sum of it is called, where that is not the whole. */
  readonly sum: string;
  readonly of: (layer: ReportLayer, place: number) => number;
}

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
    let root: Part = { name: visible(subject.label), ...wholeOf(layers, cost), words: '' };
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

function costsOf({ kind, layers }: Answer): readonly Cost[] {
  const time: Cost = {
    title: kind === 'measured' ? 'time, measured' : 'time, predicted (not measured)',
    show: (value) => `${milliseconds(value)} ms${kind === 'predicted' ? ' predicted' : ''}`,
    sum: kind === 'measured' ? ' (the sum of its layers, each timed alone)' : '',
    of: (_, place) => layers[place]?.[1] ?? 0,
  };
  return [
    ...(kind === 'counts' ? [] : [time]),
    { title: 'memory access, unfused', show: elements, sum: '', of: ({ memoryAccessUnfused }) => memoryAccessUnfused },
    { title: 'memory access, fused', show: elements, sum: '', of: ({ memoryAccessFused }) => memoryAccessFused },
    { title: 'multiply-adds', show: short, sum: '', of: ({ multAdds }) => multAdds },
    { title: 'parameters', show: short, sum: '', of: ({ params }) => params },
  ];
}

const elements = (value: number): string => `${short(value)} elements`;

/** Stages of blocks of layers; a stage of one block has its layers at once. */
function wholeOf(
  layers: readonly ReportLayer[],
  cost: Cost,
): { readonly cost: number; readonly parts: readonly Part[] } {
  const leaves = layers.map((layer, place) => ({
    ...{ stage: layer.stage, block: layer.block, name: layer.name, words: layer.kind },
    cost: cost.of(layer, place),
  }));
  const gathered = (rows: typeof leaves, key: 'stage' | 'block'): readonly (readonly [string, typeof leaves])[] => {
    const groups = new Map<string, typeof leaves>();
    for (const row of rows) {
      const group = groups.get(row[key]);
      if (group) group.push(row);
      else groups.set(row[key], [row]);
    }
    return [...groups];
  };
  const part = (name: string, parts: readonly Part[], words: string): Part => ({
    name,
    cost: total(parts),
    parts,
    words,
  });
  const leaf = ({ name, cost: own, words }: (typeof leaves)[number]): Part => ({ name, cost: own, parts: [], words });
  const stages = gathered(leaves, 'stage').map(([stage, rows]) => {
    const blocks = gathered(rows, 'block');
    const parts =
      blocks.length === 1 ? rows.map(leaf) : blocks.map(([block, members]) => part(block, members.map(leaf), 'block'));
    return part(stage, parts, 'stage');
  });
  return { cost: total(stages), parts: stages };
}

const total = (parts: readonly { readonly cost: number }[]): number => parts.reduce((sum, { cost }) => sum + cost, 0);

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
  const inside = `${around.name}.`;
  const brief = part.name.startsWith(inside) ? visible(part.name.slice(inside.length)) : label;
  const share = percent(part.cost, whole) || '0 %';
  const title = `${label}${part.words === '' ? '' : ` (${visible(part.words)})`}: ${cost.show(part.cost)}, ${share} of the network`;
  const words = [element('span', { class: 'name' }, brief), element('span', { class: 'share' }, share)];
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
      element('div', { class: 'leaf', title: `${small.length} smaller parts: ${cost.show(total(small))}` }),
    );
    rest.style.setProperty('flex-grow', String(total(small) / part.cost));
    children.append(rest);
  }
  const made = element('div', { class: `part depth` }, head, part.parts.length > 0 ? children : null);
  made.style.setProperty('flex-grow', String(part.cost / around.cost));
  return made;
}
