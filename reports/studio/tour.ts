// The tour for newcomers: a dense block beside an OSA module of about the same multiply-adds.

import { button, element } from '../page/dom.js';
import type { Studio } from './app.js';
import { opened, type State, type Tab } from './state/state.js';

const DENSE = `# Every layer reads all that came before it: its input grows, and is copied, layer by layer.
name: dense-block
input: 64x56x56

layers:
  - { dense: { layers: 12, growth: 32, bottleneck: false }, name: dense, stage: block }
  - { convNorm: { channels: 256, kernel: 1 }, name: join, stage: end }
`;
const OSA = `# Each layer reads the one before it, and all outputs are joined once, at the end.
name: osa-module
input: 64x56x56

layers:
  - { osa: { layers: 5, growth: 136, channels: 256 }, name: osa, stage: block }
`;

interface Step {
  readonly text: string;
  /** What the studio shows at this step. */
  readonly show: (state: State, dense: Tab, osa: Tab) => Partial<State>;
}

const STEPS: readonly Step[] = [
  {
    text: 'A dense block, as in DenseNet: each of its layers reads everything before it. The picture shows the memory access of each op; the concats that copy features again and again are a large part of it.',
    show: (_, dense) => ({ chosen: dense.id, view: 'layers', metric: 'memoryAccess.unfused' }),
  },
  {
    text: 'The same by multiply-adds: concats have none. This is why FLOPs cannot tell why such a network is slow.',
    show: (_, dense) => ({ chosen: dense.id, view: 'layers', metric: 'multAdds' }),
  },
  {
    text: 'One-Shot Aggregation, as in VoVNet: the features are joined once. Its multiply-adds are about those of the dense block, which is pinned: each total says how it compares.',
    show: (_, dense, osa) => ({ chosen: osa.id, pinned: dense, view: 'layers', metric: 'memoryAccess.unfused' }),
  },
  {
    text: 'Both to one scale, and what changed from one to the other. The module is narrower: it moves less.',
    show: (_, dense, osa) => ({ chosen: osa.id, against: dense.id, view: 'compare', metric: 'memoryAccess.unfused' }),
  },
  {
    text: 'Balance: how far each convolution is from the least memory access of its multiply-adds. Equal input and output channels are at 1; in the dense block the input grows away from the output.',
    show: (_, dense) => ({ chosen: dense.id, view: 'balance' }),
  },
  {
    text: 'Now it is yours: change growth or layers at the left, and every number follows. Undo takes all of it back.',
    show: (_, _dense, osa) => ({ chosen: osa.id, view: 'layers', metric: 'memoryAccess.unfused' }),
  },
];

/** Opens both networks and leads through them; it can be left at any step. */
export function startTour(studio: Studio): void {
  document.getElementById('tour')?.remove();
  const first = opened(studio.state, { kind: 'yaml', name: 'dense-block.yaml', text: DENSE });
  const both = opened(first, { kind: 'yaml', name: 'osa-module.yaml', text: OSA });
  const [dense, osa] = [first.tabs.at(-1)!, both.tabs.at(-1)!];
  studio.update({ ...both, chosen: dense.id });

  const words = element('p', { 'aria-live': 'polite' });
  const count = element('span', { class: 'hint' });
  let at = 0;
  const back = button('Back', () => { go(at - 1); }); // prettier-ignore
  const next = button('Next', () => { go(at + 1); }, { class: 'apply' }); // prettier-ignore
  const panel = element(
    'aside',
    { id: 'tour', 'aria-label': 'Tour' },
    words,
    element('div', { class: 'toolbar' }, back, next, button('End', () => { panel.remove(); }), count), // prettier-ignore
  );
  function go(step: number): void {
    if (step >= STEPS.length) {
      panel.remove();
      return;
    }
    at = Math.max(0, step);
    const { text, show } = STEPS[at]!;
    words.textContent = text;
    count.textContent = `${at + 1} of ${STEPS.length}`;
    back.disabled = at === 0;
    next.textContent = at === STEPS.length - 1 ? 'Done' : 'Next';
    const here = ({ id }: Tab): boolean => studio.state.tabs.some((tab) => tab.id === id);
    // A tab that was closed meanwhile ends the tour.
    if (here(dense) && here(osa)) studio.update({ ...studio.state, ...show(studio.state, dense, osa) }, 'look');
    else panel.remove();
  }
  document.body.append(panel);
  go(0);
  next.focus();
}
