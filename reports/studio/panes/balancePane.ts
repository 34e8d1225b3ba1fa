// The view of balance: one bar a convolution, and what it says in a sentence.

import { DARK, LIGHT } from '../../charts/theme.js';
import { element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import { visible } from '../../../src/visible.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';
import { drawBalance, type BalanceLook } from '../pictures/balance.js';
import { saveButtons } from './saveButtons.js';

const SAVED_WIDTH = 1000;

export function balancePane(studio: Studio): HTMLElement {
  const frame = element('div', { class: 'picture', role: 'img' });
  const words = element('p', { class: 'hint', id: 'balance-words' });
  let drawn: readonly unknown[] = [];

  const look = (counted: Counted, width: number, dark: boolean): BalanceLook => ({
    ...{ theme: dark ? DARK : LIGHT, width, selected: studio.selected },
    stages: [...new Set(counted.profile.layers.map(({ stage }) => stage))],
  });
  function draw(): void {
    const { counted } = studio.resultOf(studio.tab);
    const width = Math.max(280, Math.floor(frame.clientWidth));
    const now = [counted, width, isDark(), studio.selected];
    if (frame.clientWidth === 0 || now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    const picture = counted ? drawBalance(counted.profile.layers, look(counted, width, isDark())) : undefined;
    frame.replaceChildren(...(picture ? [picture] : []));
    words.textContent = counted ? wordsOf(counted) : '';
    frame.setAttribute('aria-label', `Balance. ${words.textContent}`);
  }
  frame.addEventListener('click', (event) => {
    const name = (event.target as Element).closest<SVGGElement>('[data-layer]')?.dataset['layer'];
    if (name !== undefined) studio.select(name);
  });
  studio.onDraw(draw);
  new ResizeObserver(draw).observe(frame);
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'bar-head' },
      words,
      saveButtons('balance', () => {
        const { counted } = studio.resultOf(studio.tab);
        return counted ? drawBalance(counted.profile.layers, look(counted, SAVED_WIDTH, false)) : undefined;
      }),
    ),
    frame,
  );
}

function wordsOf({ profile: { totals, layers } }: Counted): string {
  const convolutions = layers.filter(({ balance }) => balance !== null);
  if (convolutions.length === 0) return 'This network has no convolution.';
  const worst = convolutions.reduce((a, b) => (b.balance! > a.balance! ? b : a));
  const whole = totals.memoryAccess.conv / totals.memoryAccessBound.conv;
  return `Its convolutions move ${whole.toFixed(2)}x the least that their multiply-adds need; the farthest from it is ${visible(worst.name)}, ${worst.balance!.toFixed(2)}x. 1 is where input and output have equally many elements.`;
}
