// Input size, batch, and bytes per element. An empty field is what the network itself says.

import { announce, button, choice, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { changed, type Options, type Tab } from '../state/state.js';

const BYTES = [null, 4, 2, 1] as const;

export function controls(studio: Studio): HTMLElement {
  const input = element('input', {
    type: 'text',
    id: 'input-size',
    size: 11,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const batch = element('input', { type: 'number', id: 'batch', min: 1, max: 65536, step: 1 });
  const bytes = choice('Bytes per element', ['', '4 (fp32)', '2 (fp16)', '1 (int8)'], (index) => {
    set({ bytes: BYTES[index]! });
  });
  const select = bytes.querySelector('select')!;
  select.id = 'bytes';
  const own = button(
    'Reset',
    () => {
      set({ input: null, batch: null, bytes: null });
      // This button is gone now.
      input.focus();
    },
    { class: 'quiet', title: "The network's own size and batch" },
  );
  let drawn: Tab | undefined;

  function set(change: Partial<Options>): void {
    const { tab } = studio;
    const isSame = tab && (Object.keys(change) as (keyof Options)[]).every((key) => tab.options[key] === change[key]);
    if (tab && !isSame) studio.update(changed(studio.state, tab.id, { options: { ...tab.options, ...change } }));
  }
  input.addEventListener('change', () => {
    set({ input: input.value.trim() === '' ? null : input.value.trim() });
  });
  batch.addEventListener('change', () => {
    const isCount = /^[1-9]\d{0,8}$/.test(batch.value);
    // A field of numbers has no value where letters stand in it.
    if (!isCount && (batch.value !== '' || batch.validity.badInput))
      announce('The batch is a whole number from 1: the one of the network itself holds.');
    set({ batch: isCount ? Number(batch.value) : null });
    if (!isCount) batch.value = '';
  });

  studio.onDraw(() => {
    const { tab } = studio;
    const { counted } = studio.resultOf(tab);
    if (counted) {
      input.placeholder = counted.own.input.join('x');
      batch.placeholder = String(counted.own.batch);
      select.options[0]!.textContent = `own (${counted.own.bytes})`;
    }
    if (!tab || tab === drawn) return;
    drawn = tab;
    const { options } = tab;
    input.value = options.input ?? '';
    batch.value = options.batch === null ? '' : String(options.batch);
    select.selectedIndex = BYTES.indexOf(options.bytes as (typeof BYTES)[number]);
    own.hidden = options.input === null && options.batch === null && options.bytes === null;
  });

  return element(
    'div',
    { class: 'controls', role: 'group', 'aria-label': 'Input' },
    element('label', { class: 'field' }, element('span', {}, 'Input'), input),
    element('label', { class: 'field' }, element('span', {}, 'Batch'), batch),
    bytes,
    own,
  );
}
