// The totals: each with its change since the last edit, and against the pinned network.

import { allSides } from '../../../src/inputSize.js';
import { atCount, countOf, type CountName } from '../../../src/metrics/countNames.js';
import type { Totals } from '../../../src/profile.js';
import { visible } from '../../../src/visible.js';
import { foldedNormsNote } from '../../sheets/lowerBound.js';
import { grouped, shape, short } from '../../text/number.js';
import { button, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';

/** The counts that a designer looks at, the rest on request. */
const SHOWN: readonly CountName[] = [
  ...(['multAdds', 'params', 'memoryAccess.unfused', 'memoryAccess.fused', 'peakActivations', 'ops'] as const),
];
const MORE: readonly CountName[] = ['flops', 'activations', 'memoryAccess.conv', 'cio'];

export function totalsPane(studio: Studio): HTMLElement {
  const cards = element('dl', { class: 'totals', id: 'totals' });
  const spoken = element('p', { class: 'offscreen', 'aria-live': 'polite' });
  const pin = button(
    '',
    () => {
      const { tab, state } = studio;
      const same = state.pinned !== null && tab !== undefined && state.pinned.id === tab.id && state.pinned === tab;
      studio.update({ ...state, pinned: same || !tab ? null : tab });
    },
    { id: 'pin' },
  );
  const unpin = button(
    'Unpin',
    () => {
      studio.update({ ...studio.state, pinned: null });
      // This button is gone now.
      pin.focus();
    },
    { class: 'quiet' },
  );
  const name = element('h2', { class: 'title', id: 'network' });
  const facts = element('p', { class: 'facts', id: 'facts' });
  const bound = element('p', { class: 'note', id: 'bound' });
  const more = element('input', { type: 'checkbox', id: 'more-totals' });
  more.addEventListener('change', () => {
    drawn = [];
    draw();
  });
  let drawn: readonly unknown[] = [];

  function draw(): void {
    const { tab, state, pinned } = studio;
    if (!tab) return;
    const { counted, before, refusal } = studio.resultOf(tab);
    cards.classList.toggle('stale', studio.isGrey(tab) && counted !== null);
    cards.setAttribute('aria-busy', String(studio.isStale(tab) && refusal === null));
    const now = [counted, before, pinned.counted, state.pinned, tab.id, refusal];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    pin.textContent = state.pinned === tab ? 'Pinned' : 'Pin as baseline';
    pin.title = 'Tell every change against this network as it is now';
    unpin.hidden = state.pinned === null || state.pinned === tab;
    name.textContent = counted ? visible(counted.name) : visible(tab.source.name);
    facts.textContent = counted ? factsOf(counted) : refusal ? 'Not counted yet: see the source.' : 'Counting ...';
    bound.textContent = counted ? boundOf(counted) : '';
    bound.hidden = bound.textContent === '';
    const names = more.checked ? [...SHOWN, ...MORE] : SHOWN;
    cards.replaceChildren(
      ...(counted ? names.map((one) => card(one, counted.profile.totals, before?.profile.totals, pinned.counted)) : []),
    );
    spoken.textContent =
      counted && !refusal
        ? `${counted.name}: ${short(counted.profile.totals.multAdds)} multiply-adds, ${short(counted.profile.totals.memoryAccess.unfused)} elements of memory access`
        : '';
  }
  studio.onDraw(draw);
  return element(
    'section',
    { class: 'summary', 'aria-labelledby': 'network' },
    element('div', { class: 'bar-head' }, name, pin, unpin, element('label', { class: 'field' }, more, 'All counts')),
    facts,
    bound,
    cards,
    spoken,
  );
}

function factsOf({ profile: { input, layers, bytesPerElement, totals, source } }: Counted): string {
  return `${source}, input ${shape(allSides(input))}, ${grouped(layers.length)} layers, ${totals.convLayers} convolutions; memory access in elements of ${bytesPerElement} ${bytesPerElement === 1 ? 'byte' : 'bytes'}`;
}

function boundOf({ profile: { lowerBound, unread, beforeFolding, deadEnds } }: Counted): string {
  const parts = [
    lowerBound
      ? `Every total is a lower bound: ${lowerBound.ops.map(({ op, nodes }) => `${nodes} ${visible(op)}`).join(', ')} ${lowerBound.behind > 0 ? `and ${grouped(lowerBound.behind)} nodes behind them ` : ''}are left out.`
      : '',
    unread
      ? `The file holds ${grouped(unread)} more parameters that no ${lowerBound ? 'counted layer reads: what is left out may read them' : 'layer reads'}.`
      : '',
    beforeFolding ? foldedNormsNote(beforeFolding) : '',
    deadEnds ? `${grouped(deadEnds.layers.length)} layers feed no output, and count all the same.` : '',
  ];
  return parts.filter((text) => text !== '').join(' ');
}

function card(name: CountName, totals: Totals, before: Totals | undefined, pinned: Counted | null): HTMLElement {
  const { title, about, unit } = countOf(name);
  const value = atCount(totals, name);
  const last = before === undefined ? null : change(value, atCount(before, name));
  const against = pinned && change(value, atCount(pinned.profile.totals, name));
  return element(
    'div',
    { class: 'total', 'data-count': name },
    element('dt', { title: about }, title),
    element('dd', { class: 'value', title: `${grouped(value)}${unit === 'count' ? '' : ` ${unit}`}` }, short(value)),
    last === null
      ? null
      : element(
          'dd',
          { class: last.kind, title: 'since the last edit' },
          last.text,
          element('span', { class: 'offscreen' }, ' since the last edit'),
        ),
    against && element('dd', { class: `against ${against.kind}` }, `${against.ratio} of ${visible(pinned.name)}`),
  );
}

function change(now: number, then: number): { readonly text: string; readonly ratio: string; readonly kind: string } {
  const moved = now - then;
  const kind = moved === 0 ? 'same' : moved > 0 ? 'more' : 'less';
  const ratio = then === 0 ? (now === 0 ? '1.00x' : 'new') : `${(now / then).toFixed(2)}x`;
  const text =
    moved === 0 ? 'no change' : `${moved > 0 ? '+' : '−'}${short(Math.abs(moved))}${then === 0 ? '' : ` (${ratio})`}`;
  return { text, ratio, kind };
}
