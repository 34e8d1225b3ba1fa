// Two networks side by side: their pictures to one scale, and what changed from one to the other.

import { countOf } from '../../../src/metrics/countNames.js';
import { visible } from '../../../src/visible.js';
import { DARK, LIGHT } from '../../charts/theme.js';
import { short, times } from '../../text/number.js';
import { element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';
import { drawIcicle } from '../pictures/icicle.js';
import { partsOf } from '../pictures/parts.js';
import { opponent } from '../state/state.js';
import { following } from './following.js';
import { unitOf } from './iciclePane.js';
import { tableView } from './tableView.js';

const BY = ['stage', 'block', 'layer', 'op'] as const;

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

  studio.onDraw(() => {
    const { tabs, chosen, view, metric } = studio.state;
    if (view !== 'compare') return;
    const others = tabs.filter(({ id }) => id !== chosen);
    const against = opponent(studio.state);
    other.replaceChildren(
      element('option', { value: '' }, others.length === 0 ? 'open a second network first' : 'choose a network'),
      ...others.map(({ id, source }) => element('option', { value: id }, `${id}. ${visible(source.name)}`)),
    );
    other.value = String(against?.id ?? '');
    const pair = [against, studio.tab].map((tab) => studio.resultOf(tab).counted);
    const now = [...pair, metric, isDark(), pictures.clientWidth];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    const [first, second] = pair;
    pictures.replaceChildren(...(first && second ? sideBySide(studio, first, second, pictures) : []));
  });
  new ResizeObserver(() => {
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
    ),
    pictures,
    following(studio, {
      view: 'compare',
      about: () => {
        const against = opponent(studio.state);
        const { tab } = studio;
        const [before, after] = [studio.resultOf(against).counted, studio.resultOf(tab).counted];
        if (!against || !tab || !before || !after) return null;
        return [before, after, by.value];
      },
      ask: () => {
        const [before, after] = [opponent(studio.state)!, studio.tab!];
        return studio.thinker.ask('comparison', {
          before: studio.wantedOf(before),
          after: studio.wantedOf(after),
          by: by.value as (typeof BY)[number],
        });
      },
      nothing: 'Choose the network that this one is compared with: every tab is one.',
      show: ({ same, table }) => (same === null ? tableView(table) : [element('p', {}, visible(same))]),
    }),
  );
}

/** Both to one scale: a network of half the cost is half as wide. */
function sideBySide(studio: Studio, first: Counted, second: Counted, place: HTMLElement): readonly Node[] {
  const { metric } = studio.state;
  const roots = [first, second].map(({ name, profile }) => partsOf(name, profile.layers, metric));
  const most = Math.max(1, ...roots.map(({ cost }) => cost));
  const room = Math.max(260, place.clientWidth - 2);
  return roots.flatMap((root, i) => {
    const width = Math.max(24, Math.floor((room * root.cost) / most));
    const ratio = roots[0]!.cost > 0 ? `, ${times(root.cost / roots[0]!.cost)}` : '';
    const words = `${visible(root.name)}: ${short(root.cost)} ${unitOf(metric)}${i === 0 ? '' : `${ratio} the ${countOf(metric).title}`}`;
    const picture = drawIcicle(root, {
      ...{ theme: isDark() ? DARK : LIGHT, width, folded: new Set<string>(), selected: null, whole: root.cost },
      show: (cost) => `${short(cost)} ${unitOf(metric)}`,
    });
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', words);
    return [element('p', { class: 'hint' }, words), picture];
  });
}
