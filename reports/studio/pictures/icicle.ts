// Draws the icicle: a bar for each stage, block and layer, as wide as its share of a cost.

import { percent } from '../../text/number.js';
import { colourOf, faded, FONT, inkOn, type Theme } from '../../charts/theme.js';
import { textWidth } from '../../charts/textWidth.js';
import { visible } from '../../../src/visible.js';
import { barsOf, type Bar, type Part } from './parts.js';
import { attribute, svg, type Attributes } from './svg.js';

export const ROW = 30;
/** Pixels of the narrowest bar that is drawn by itself. */
const LEAST = 1.5;

export interface IcicleLook {
  readonly theme: Theme;
  readonly width: number;
  readonly folded: ReadonlySet<string>;
  /** The place of a layer that is pointed out; null for none. */
  readonly selected: number | null;
  /** The cost of the whole network, of which shares are told. */
  readonly whole: number;
  readonly show: (cost: number) => string;
}

/** The least opacity is the network's, the full one a layer's. */
const STRENGTH = { network: 0.1, stage: 0.95, block: 0.62, layer: 0.36 } as const;

/** A bar as it is drawn, in pixels from the corner of the picture. */
interface Shape {
  /** Undefined where it stands for parts that are too narrow. */
  readonly key: string | undefined;
  readonly kind: string;
  readonly words: string;
  readonly place: string;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly stroke: string | undefined;
  readonly ink: string;
  readonly label: string;
  readonly share: string;
}

/** The elements of a bar, and what they show. */
interface Drawn {
  readonly group: SVGGElement;
  readonly rect: SVGRectElement;
  label?: SVGTextElement | undefined;
  share?: SVGTextElement | undefined;
  shape: Shape;
}

/** A picture that is complete by itself: each bar says what it is to the pointer. */
export function drawIcicle(root: Part, look: IcicleLook): SVGSVGElement {
  const { shapes, height } = shapesOf(root, look);
  const picture = svg(
    'svg',
    frameOf(look, height),
    svg('rect', { width: look.width, height, fill: look.theme.surface }),
  );
  for (const shape of shapes) {
    const { group } = drawn(shape);
    group.prepend(svg('title', {}, shape.words));
    picture.append(group);
  }
  return picture;
}

/**
 * The picture of a page, which is drawn again at each edit: a bar that stays keeps its elements,
 * and only what changed of them is written.
 */
export class LiveIcicle {
  readonly picture = svg('svg', { role: 'presentation' });
  private readonly surface = svg('rect');
  private bars = new Map<string, Drawn>();

  constructor() {
    this.picture.append(this.surface);
  }

  draw(root: Part, look: IcicleLook): void {
    const { shapes, height } = shapesOf(root, look);
    attribute(this.picture, frameOf(look, height));
    attribute(this.surface, { width: look.width, height, fill: look.theme.surface });
    const bars = new Map<string, Drawn>();
    let before: Element = this.surface;
    for (const shape of shapes) {
      const key = shape.key ?? `rest ${shape.place}`;
      const known = this.bars.get(key);
      const bar = known ?? drawn(shape);
      if (known) redraw(known, shape);
      // What stands for parts that are too narrow has words, and takes no keys.
      attribute(bar.group, { role: shape.key === undefined ? undefined : 'treeitem', 'aria-label': shape.words });
      if (before.nextSibling !== bar.group) before.after(bar.group);
      before = bar.group;
      bars.set(key, bar);
    }
    for (const [key, { group }] of this.bars) if (!bars.has(key)) group.remove();
    this.bars = bars;
  }
}

const frameOf = ({ width }: IcicleLook, height: number) => ({
  ...{ width, height, viewBox: `0 0 ${width} ${height}` },
  ...{ 'font-family': `${FONT}, system-ui, sans-serif`, 'font-size': 12 },
});

function shapesOf(root: Part, look: IcicleLook): { readonly shapes: readonly Shape[]; readonly height: number } {
  const bars = barsOf(root, LEAST / look.width, look.folded);
  const height = ROW * bars.reduce((most, { row, rows }) => Math.max(most, row + rows), 0);
  return { shapes: bars.map((bar) => shapeOf(bar, root, look)), height };
}

function shapeOf(bar: Bar, root: Part, look: IcicleLook): Shape {
  const { part, from, to, row, rows, small } = bar;
  const { theme, width, selected } = look;
  const w = Math.max(0.75, (to - from) * width - (to - from > 3 / width ? 1 : 0));
  const fill =
    part.kind === 'network'
      ? faded(theme.neutral, 0.16)
      : small
        ? faded(theme.neutral, 0.35)
        : faded(colourOf(theme, part.stage), STRENGTH[part.kind]);
  const on = part.layer !== undefined && part.layer === selected && !small;
  const label = small ? '' : labelOf(part, root, w - 8);
  const share = label === '' ? '' : percent(part.cost, look.whole);
  return {
    key: small ? undefined : part.key,
    kind: `bar ${part.kind}${small ? ' rest' : ''}${on ? ' on' : ''}`,
    words: barWords(bar, look),
    place: `translate(${round(from * width)} ${row * ROW})`,
    width: round(w),
    height: rows * ROW - 1,
    fill,
    stroke: on ? theme.ink : undefined,
    ink: label === '' ? '' : part.kind === 'network' ? theme.ink : inkOn(theme, fill),
    label,
    share: share !== '' && textWidth(share) <= w - 14 - textWidth(label) ? share : '',
  };
}

const BASELINE = 19;

function drawn(shape: Shape): Drawn {
  const { key, kind, place, width, height, fill, stroke } = shape;
  const rect = svg('rect', { width, height, fill, stroke, 'stroke-width': stroke && 2 });
  const bar: Drawn = { group: svg('g', { 'data-key': key, class: kind, transform: place }, rect), rect, shape };
  write(bar, shape);
  return bar;
}

/** Writes what differs. Moving a bar as a whole lays none of its words out. */
function redraw(bar: Drawn, shape: Shape): void {
  const { shape: old, group, rect } = bar;
  if (old.kind !== shape.kind) attribute(group, { class: shape.kind });
  if (old.place !== shape.place) attribute(group, { transform: shape.place });
  if (old.width !== shape.width) attribute(rect, { width: shape.width });
  if (old.height !== shape.height) attribute(rect, { height: shape.height });
  if (old.fill !== shape.fill) attribute(rect, { fill: shape.fill });
  if (old.stroke !== shape.stroke) attribute(rect, { stroke: shape.stroke, 'stroke-width': shape.stroke && 2 });
  write(bar, shape);
  bar.shape = shape;
}

function write(bar: Drawn, { label, share, ink, width }: Shape): void {
  bar.label = wording(bar, bar.label, label, { x: 4, y: BASELINE, fill: ink });
  bar.share = wording(bar, bar.share, share, {
    ...{ x: round(width - 4), y: BASELINE, fill: ink, 'text-anchor': 'end', opacity: 0.82 },
  });
}

function wording(
  { group }: Drawn,
  old: SVGTextElement | undefined,
  text: string,
  look: Attributes,
): SVGTextElement | undefined {
  if (text === '') {
    old?.remove();
    return undefined;
  }
  if (!old) {
    const made = svg('text', { ...look, 'pointer-events': 'none' }, text);
    group.append(made);
    return made;
  }
  attribute(old, look);
  if (old.textContent !== text) old.textContent = text;
  return old;
}

/** What a bar says: to the pointer, and to screen readers. */
export function barWords({ part, small }: Pick<Bar, 'part' | 'small'>, { whole, show }: IcicleLook): string {
  const told = (cost: number): string => `${show(cost)}, ${percent(cost, whole) || '0 %'}`;
  if (small) return `${small.length} smaller parts: ${told(small.reduce((sum, { cost }) => sum + cost, 0))}`;
  return `${part.kind} ${visible(part.name) || '(no name)'}: ${told(part.cost)}`;
}

/** The name, or its end, where it fits; nothing where it does not. */
function labelOf({ name, kind }: Part, root: Part, room: number): string {
  const whole = visible(name) || (kind === 'layer' ? '' : '(no name)');
  const inside =
    root.kind !== 'network' && whole.startsWith(`${root.name}.`) ? whole.slice(root.name.length + 1) : whole;
  if (room < 14) return '';
  if (textWidth(inside) <= room) return inside;
  const end = inside.slice(1 + Math.max(inside.lastIndexOf('.'), inside.lastIndexOf('/')));
  return end !== inside && textWidth(end) <= room ? end : '';
}

const round = (value: number): number => Math.round(value * 100) / 100;
