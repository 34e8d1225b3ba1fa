// Draws the icicle: a bar for each stage, block and layer, as wide as its share of a cost.

import { percent } from '../../text/number.js';
import { colourOf, faded, FONT, inkOn, type Theme } from '../../charts/theme.js';
import { textWidth } from '../../charts/textWidth.js';
import { visible } from '../../../src/visible.js';
import { barsOf, type Bar, type Part } from './parts.js';
import { svg } from './svg.js';

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

export function drawIcicle(root: Part, look: IcicleLook): SVGSVGElement {
  const bars = barsOf(root, LEAST / look.width, look.folded);
  const height = ROW * bars.reduce((most, { row, rows }) => Math.max(most, row + rows), 0);
  return svg(
    'svg',
    {
      width: look.width,
      height,
      viewBox: `0 0 ${look.width} ${height}`,
      'font-family': `${FONT}, system-ui, sans-serif`,
      'font-size': 12,
    },
    svg('rect', { width: look.width, height, fill: look.theme.surface }),
    ...bars.map((bar) => barOf(bar, root, look)),
  );
}

function barOf(bar: Bar, root: Part, look: IcicleLook): SVGGElement {
  const { part, from, to, row, rows, small } = bar;
  const { theme, width, selected } = look;
  const [x, w] = [from * width, Math.max(0.75, (to - from) * width - (to - from > 3 / width ? 1 : 0))];
  const [y, h] = [row * ROW, rows * ROW - 1];
  const fill =
    part.kind === 'network'
      ? faded(theme.neutral, 0.16)
      : small
        ? faded(theme.neutral, 0.35)
        : faded(colourOf(theme, part.stage), STRENGTH[part.kind]);
  const on = part.layer !== undefined && part.layer === selected && !small;
  const words = barWords(bar, look);
  const made = svg(
    'g',
    {
      'data-key': small ? undefined : part.key,
      class: `bar ${part.kind}${small ? ' rest' : ''}${on ? ' on' : ''}`,
    },
    svg('title', {}, words),
    svg('rect', {
      ...{ x: round(x), y, width: round(w), height: h, fill },
      ...(on ? { stroke: theme.ink, 'stroke-width': 2 } : {}),
    }),
  );
  const label = small ? '' : labelOf(part, root, w - 8);
  if (label !== '') {
    const ink = part.kind === 'network' ? theme.ink : inkOn(theme, fill);
    made.append(svg('text', { x: round(x + 4), y: y + 19, fill: ink, 'pointer-events': 'none' }, label));
    const share = percent(part.cost, look.whole);
    const left = w - 14 - textWidth(label);
    if (share !== '' && textWidth(share) <= left)
      made.append(
        svg(
          'text',
          { x: round(x + w - 4), y: y + 19, fill: ink, 'text-anchor': 'end', opacity: 0.82, 'pointer-events': 'none' },
          share,
        ),
      );
  }
  return made;
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
