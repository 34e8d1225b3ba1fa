// How does the report come alive? Its data stands in the page; this builds what depends on the choices of its reader.

import { focusOf, MOST_IN_FOCUS, sceneOf, type Scene } from '../charts/scene.js';
import { DEFINITIONS } from '../report/definitions.js';
import { factsOf, warningsOf } from '../report/facts.js';
import type { ReportData } from '../report/reportData.js';
import { visible } from '../visible.js';
import { cards } from './cards.js';
import { dataTable } from './dataTable.js';
import { button, byId, choice, element } from './dom.js';
import { Figures } from './figures.js';
import { save } from './saving.js';
import { layerColumns, layerEntries, networkColumns } from './sheets.js';

const data = JSON.parse(byId('data').textContent) as ReportData;
const figures = new Figures({ whole: byId('charts-whole'), close: byId('charts-close') });

/** What the reader has chosen. */
const chosen = { view: 0, focus: [] as readonly number[], network: 0 };

function showView(index: number): void {
  chosen.view = index;
  const view = data.views[index]!;
  const all = sceneOf(data, index);
  chosen.focus = focusOf(all.subjects, view.baseline);
  chosen.network = view.baseline;
  byId('facts').replaceChildren(
    ...factsOf(data, view).flatMap(({ term, text }) => [element('dt', {}, term), element('dd', {}, text)]),
  );
  byId('headline').textContent = view.headline;
  byId('explanation').textContent = view.explanation;
  byId('findings').replaceChildren(...view.findings.map((text) => element('li', {}, text)));
  // A list that scrolls is reached by the keyboard.
  byId('findings').tabIndex = view.findings.length > 6 ? 0 : -1;
  byId('ranking').textContent = view.ranking ?? '';
  const warnings = [...warningsOf(data, view), ...data.notes];
  byId('warnings').replaceChildren(...warnings.map((text) => element('li', {}, text)));
  byId('doubts').hidden = warnings.length === 0;
  byId('cards').replaceChildren(...cards(all));
  figures.show(all, 'whole');
  byId('network-table').replaceChildren(networkTable(all));
  showFocus();
  showLayers();
}

const networkTable = (scene: Scene): HTMLElement =>
  dataTable({
    title: `${scene.subjects.length} networks at batch ${scene.batch}`,
    columns: networkColumns(scene),
    rows: scene.subjects,
    groupings: [],
    words: ({ label }) => [label],
  });

/** The networks whose stages and layers are drawn, to be switched on and off. */
function showFocus(): void {
  const { subjects } = sceneOf(data, chosen.view);
  const scene = sceneOf(data, chosen.view, chosen.focus);
  const full = chosen.focus.length >= MOST_IN_FOCUS;
  byId('focus').hidden = subjects.length === 1;
  byId('focus').replaceChildren(
    element('span', { class: 'label', id: 'focus-label' }, `Looked at closely (up to ${MOST_IN_FOCUS})`),
    ...subjects.map(({ label, place }) => {
      const on = chosen.focus.includes(place);
      const chip = button(
        '',
        () => {
          chosen.focus = on ? chosen.focus.filter((other) => other !== place) : [...chosen.focus, place];
          showFocus();
          byId('focus').querySelectorAll('button')[place]?.focus();
        },
        {
          class: `chip series${place % 8}`,
          'aria-pressed': String(on),
          title: visible(label),
          disabled: (on && chosen.focus.length === 1) || (!on && full),
        },
      );
      chip.append(element('span', { class: 'clip' }, visible(label)));
      return chip;
    }),
  );
  figures.show(scene, 'close');
}

function showLayers(): void {
  const scene = sceneOf(data, chosen.view);
  const subject = scene.subjects[chosen.network]!;
  const place = byId('layer-table');
  const picker = choice(
    'Layers of',
    scene.subjects.map(({ label }) => visible(label)),
    (index) => {
      chosen.network = index;
      showLayers();
      place.querySelector('select')?.focus();
    },
    chosen.network,
  );
  if (!subject.network.layers) {
    place.replaceChildren(
      picker,
      element('p', { class: 'note' }, 'The layers of this network are not known: only a run file tells of it.'),
    );
    return;
  }
  const rows = layerEntries(subject, scene);
  const timed = rows.some(({ milliseconds }) => milliseconds !== null);
  place.replaceChildren(
    picker,
    dataTable({
      title: `Layers of ${visible(subject.label)}`,
      columns: layerColumns(timed),
      rows,
      groupings: [
        { title: 'stage', of: ({ stage }) => stage },
        { title: 'block', of: ({ block }) => block },
        { title: 'op', of: ({ op }) => op },
      ],
      words: ({ name, stage, block, kind }) => [name, stage, block, kind],
    }),
  );
  if (timed || !subject.run) return;
  const reason = subject.run.noLayers ?? 'this run has none';
  place.append(element('p', { class: 'note' }, `No layer times: ${visible(reason)}.`));
}

const THEMES = ['auto', 'light', 'dark'] as const;

/** The reader's choice goes before the system's. */
function themeButton(): HTMLButtonElement {
  let at = 0;
  const made = button('Theme: auto', () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at]!;
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    made.textContent = `Theme: ${theme}`;
    figures.redraw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    figures.redraw();
  });
  return made;
}

function start(): void {
  const controls = byId('controls');
  if (data.views.length > 1)
    controls.append(
      choice(
        'Measured on',
        data.views.map(({ label }) => label),
        showView,
      ),
    );
  controls.append(
    themeButton(),
    button('Download data (JSON)', () => {
      save(new Blob([JSON.stringify(data, null, 1)], { type: 'application/json' }), 'flopscope-report.json');
    }),
  );
  byId('definitions').replaceChildren(
    ...Object.values(DEFINITIONS).flatMap(({ word, meaning }) => [element('dt', {}, word), element('dd', {}, meaning)]),
  );
  showView(0);
  document.documentElement.dataset['ready'] = 'yes';
}

// Letters of a canvas are drawn once: wait for the font, which stands in the page itself.
void Promise.all([document.fonts.load('400 12px Inter'), document.fonts.load('600 12px Inter')]).then(start, start);
