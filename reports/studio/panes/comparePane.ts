// Two networks side by side: their pictures to one scale, and what changed from one to the other.

import { countOf } from '../../../src/metrics/countNames.js';
import { visible } from '../../../src/visible.js';
import { DARK, FONT, LIGHT, type Theme } from '../../charts/theme.js';
import { short, times } from '../../text/number.js';
import { element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';
import { drawIcicle } from '../pictures/icicle.js';
import { partsOf } from '../pictures/parts.js';
import { svg } from '../pictures/svg.js';
import { opponent } from '../state/state.js';
import { following, shownTab } from './following.js';
import { unitOf } from './iciclePane.js';
import { saveButtons } from './saveButtons.js';
import { tableView } from './tableView.js';

const BY = ['stage', 'block', 'layer', 'op'] as const;

/** Width of a picture that is saved. */
const SAVED_WIDTH = 1200;

export function comparePane(studio: Studio): HTMLElement {
  const other = element('select', { id: 'against' });
  const by = element('select', { id: 'compare-by' }, ...BY.map((one) => element('option', {}, one)));
  const pictures = element('div', { class: 'pair' });
  other.addEventListener('change', () => {
    studio.update({ ...studio.state, against: other.value === '' ? null : Number(other.value) }, 'look');
  });
  by.addEventListener('change', () => {
    studio.draw();
  });
  let drawn: readonly unknown[] = [];
  let offered = '';
  /** Pixels, as they were last told: asking for them lays the whole page out. */
  let room = 800;
  /** Both networks, or none. */
  const shown = (): readonly Counted[] => {
    const pair = [opponent(studio.state), studio.tab].flatMap((tab) => studio.resultOf(tab).counted ?? []);
    return pair.length === 2 ? pair : [];
  };

  studio.onDraw(() => {
    const { tabs, chosen, view, metric } = studio.state;
    if (view !== 'compare') return;
    const others = tabs.filter(({ id }) => id !== chosen);
    const against = opponent(studio.state);
    const names = others.map(({ id, source }) => `${id}. ${visible(source.name)}`);
    // A list that is open would close.
    if (offered !== names.join('\n') || other.options.length === 0) {
      offered = names.join('\n');
      other.replaceChildren(
        element('option', { value: '' }, others.length === 0 ? 'open a second network first' : 'choose a network'),
        ...others.map(({ id }, i) => element('option', { value: id }, names[i])),
      );
    }
    other.value = String(against?.id ?? '');
    const pair = shown();
    const now = [...pair, metric, isDark(), room];
    if (now.length === drawn.length && now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    pictures.replaceChildren(
      ...pairOf(studio, pair, isDark() ? DARK : LIGHT, room).flatMap(({ words, picture }) => {
        picture.setAttribute('role', 'img');
        picture.setAttribute('aria-label', words);
        return [element('p', { class: 'hint' }, words), picture];
      }),
    );
  });
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry!.contentRect.width) - 2;
    // A hidden view has no width.
    if (width <= 0 || width === room) return;
    room = Math.max(260, width);
    studio.draw();
  }).observe(pictures);

  return element(
    'div',
    {},
    element(
      'div',
      { class: 'toolbar' },
      element('label', { class: 'field' }, element('span', {}, 'From'), other),
      element('label', { class: 'field' }, element('span', {}, 'One row per'), by),
      saveButtons('comparison', () => {
        const pair = pairOf(studio, shown(), LIGHT, SAVED_WIDTH);
        return pair.length === 0 ? undefined : joined(pair, LIGHT, SAVED_WIDTH);
      }),
    ),
    pictures,
    following(studio, {
      view: 'compare',
      about: () => {
        const pair = shown();
        return pair.length === 0 ? null : [...pair, by.value];
      },
      ask: () => {
        const before = studio.resultOf(opponent(studio.state)).of!;
        return studio.thinker.ask('comparison', {
          before: studio.wantedOf(before),
          after: studio.wantedOf(shownTab(studio)),
          by: by.value as (typeof BY)[number],
        });
      },
      others: () => {
        const against = opponent(studio.state);
        return against ? [against] : [];
      },
      nothing: 'Choose the network that this one is compared with: every tab is one.',
      show: ({ same, table }) => (same === null ? tableView(table) : [element('p', {}, visible(same))]),
    }),
  );
}

interface Shown {
  readonly words: string;
  readonly picture: SVGSVGElement;
}

/** Both to one scale: a network of half the cost is half as wide. */
function pairOf({ state: { metric } }: Studio, pair: readonly Counted[], theme: Theme, room: number): readonly Shown[] {
  const roots = pair.map(({ name, profile }) => partsOf(name, profile.layers, metric));
  const most = Math.max(1, ...roots.map(({ cost }) => cost));
  return roots.map((root, i) => {
    const width = Math.max(24, Math.floor((room * root.cost) / most));
    const ratio = roots[0]!.cost > 0 ? `, ${times(root.cost / roots[0]!.cost)}` : '';
    const words = `${visible(root.name)}: ${short(root.cost)} ${unitOf(metric)}${i === 0 ? '' : `${ratio} the ${countOf(metric).title}`}`;
    const picture = drawIcicle(root, {
      ...{ theme, width, folded: new Set<string>(), selected: null, whole: root.cost },
      show: (cost) => `${short(cost)} ${unitOf(metric)}`,
    });
    return { words, picture };
  });
}

/** Pixels of a line of words, with what is free around it. */
const LINE = 30;

/** One picture of both, each below its words. */
function joined(shown: readonly Shown[], { surface, ink }: Theme, width: number): SVGSVGElement {
  const heightOf = ({ picture }: Shown): number => Number(picture.getAttribute('height'));
  const height = shown.reduce((sum, one) => sum + LINE + heightOf(one), 0);
  let top = 0;
  const parts = shown.flatMap((one) => {
    const words = svg('text', { x: 4, y: top + 20, fill: ink }, one.words);
    one.picture.setAttribute('y', String(top + LINE));
    top += LINE + heightOf(one);
    return [words, one.picture];
  });
  return svg(
    'svg',
    {
      ...{ width, height, viewBox: `0 0 ${width} ${height}` },
      ...{ 'font-family': `${FONT}, system-ui, sans-serif`, 'font-size': 13 },
    },
    svg('rect', { width, height, fill: surface }),
    ...parts,
  );
}
