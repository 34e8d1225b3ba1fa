// The right pane: the totals, where they go, and one view at a time of what follows from them.

import { announce, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { VIEWS, type View } from '../state/state.js';
import { balancePane } from './balancePane.js';
import { iciclePane } from './iciclePane.js';
import { layerTable } from './layerTable.js';
import { totalsPane } from './totalsPane.js';

interface Shown {
  readonly title: string;
  /** Made when the view is first shown. */
  make(studio: Studio): HTMLElement | Promise<HTMLElement>;
}

/** A view whose code is loaded when it is first shown. */
const later =
  (load: () => Promise<(studio: Studio) => HTMLElement>) =>
  async (studio: Studio): Promise<HTMLElement> =>
    (await load())(studio);

const SHOWN: Readonly<Record<View, Shown>> = {
  layers: { title: 'Layers', make: layerTable },
  findings: { title: 'Findings', make: later(async () => (await import('./findingsPane.js')).findingsPane) },
  compare: { title: 'Compare', make: later(async () => (await import('./comparePane.js')).comparePane) },
  balance: { title: 'Balance', make: balancePane },
  roofline: { title: 'Roofline', make: later(async () => (await import('./rooflinePane.js')).rooflinePane) },
  formula: { title: 'Closed forms', make: later(async () => (await import('./formulaPane.js')).formulaPane) },
  measure: { title: 'Measure', make: later(async () => (await import('./measurePane.js')).measurePane) },
  predict: { title: 'Predict', make: later(async () => (await import('./predictPane.js')).predictPane) },
};

export function costPane(studio: Studio, place: HTMLElement): void {
  const tabs = element('div', { role: 'tablist', 'aria-label': 'Views', class: 'views' });
  const panels = element('div', { class: 'panels' });
  const made = new Map<View, HTMLElement>();
  const buttons = new Map(
    VIEWS.map((view) => {
      const one = element(
        'button',
        { type: 'button', role: 'tab', id: `view-${view}`, 'aria-controls': `panel-${view}` },
        SHOWN[view].title,
      );
      one.addEventListener('click', () => {
        studio.update({ ...studio.state, view }, 'look');
      });
      return [view, one] as const;
    }),
  );
  tabs.append(...buttons.values());
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = VIEWS.indexOf(studio.state.view);
    const view = VIEWS[(at + step + VIEWS.length) % VIEWS.length]!;
    studio.update({ ...studio.state, view }, 'look');
    buttons.get(view)!.focus();
    event.preventDefault();
  });
  place.append(totalsPane(studio), iciclePane(studio), element('section', { class: 'more' }, tabs, panels));

  studio.onDraw(() => {
    place.hidden = studio.tab === undefined;
    if (!studio.tab) return;
    const { view } = studio.state;
    for (const [name, one] of buttons) {
      one.setAttribute('aria-selected', String(name === view));
      one.tabIndex = name === view ? 0 : -1;
    }
    if (!made.has(view)) {
      const panel = element('div', { role: 'tabpanel', id: `panel-${view}`, 'aria-labelledby': `view-${view}` });
      made.set(view, panel);
      panels.append(panel);
      Promise.resolve(SHOWN[view].make(studio)).then(
        (inside) => {
          panel.append(inside);
          studio.draw();
        },
        (error: unknown) => {
          // Choosing the view again tries again.
          made.delete(view);
          panel.remove();
          announce(error instanceof Error ? error.message : String(error));
        },
      );
    }
    for (const [name, panel] of made) panel.hidden = name !== view;
  });
}
