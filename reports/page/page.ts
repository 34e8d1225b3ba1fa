// Starts the report's page: builds from its stored data what depends on the reader's choices.

import { isMissing } from '../charts/chart.js';
import { focusOf, MOST_IN_FOCUS, sceneOf, type Scene } from '../charts/scene.js';
import { CHARTS } from '../charts/table.js';
import { DEFINITIONS } from '../report/definitions.js';
import { sourceOf } from '../report/facts.js';
import type { ReportData, View } from '../report/reportData.js';
import { counted } from '../../src/plural.js';
import { visible } from '../../src/visible.js';
import { findingCards } from './answerSection.js';
import { cards } from './cards.js';
import { button, byId, choice, clipped, element } from './dom.js';
import { earlierSection } from './earlierSection.js';
import type { Titled } from './figure.js';
import { Figures } from './figures.js';
import { icicle } from './icicle.js';
import { predictedSection } from './predictedSection.js';
import { showFinding } from './findingSection.js';
import { layerSection } from './layerSection.js';
import { whenFontsAreLoaded } from './fonts.js';
import { save } from './saving.js';
import { dataTable } from './table/dataTable.js';
import { networkColumns } from './table/networkColumns.js';
import { showTraining } from './trainingSection.js';
import { themeButton } from './themeButton.js';

const data = JSON.parse(byId('data').textContent) as ReportData;
const figures = new Figures();

/** Charts that need the whole width. */
const WIDE = new Set(['relative-cost', 'stages', 'kept-by-stage', 'balance']);

/** The reader's choices. */
const chosen = { view: 0, focus: [] as readonly number[], network: 0 };

function showView(index: number): void {
  chosen.view = index;
  const view = data.views[index]!;
  const scene = sceneOf(data, index);
  chosen.focus = focusOf(scene.subjects, view.baseline);
  chosen.network = view.baseline;
  showFinding(data, view);
  byId('cards').replaceChildren(...cards(scene));
  showAnswer(scene, view);
  showCharts(scene, 'whole');
  showTraining(data, view);
  byId('earlier').hidden = view.earlier === undefined;
  byId('earlier-runs').replaceChildren(...(view.earlier ? [earlierSection(view.earlier)] : []));
  byId('network-table').replaceChildren(networkTable(scene));
  showFocus();
  showLayers();
}

/** What only a page of one network leads with, and predicted times. */
function showAnswer({ subjects }: Scene, { answer, predicted }: View): void {
  const alone = answer && subjects[0]!;
  byId('advice').replaceChildren(
    ...(alone ? findingCards(answer, alone) : []),
    ...(answer?.folded === undefined ? [] : [element('p', { class: 'folded' }, answer.folded)]),
  );
  byId('where').hidden = !alone;
  byId('where-parts').replaceChildren(...(alone ? [icicle(alone, answer)] : []));
  byId('predicted').hidden = predicted === undefined;
  byId('predicted-times').replaceChildren(...(predicted ? predictedSection(predicted) : []));
  byId('layers-lead').textContent = answer
    ? `Every layer, the largest share first${viewsText(subjects[0]!)}. A click on a heading sorts; "?" explains it.`
    : 'Every layer in order of execution, gathered by stage; open a group to see its layers.';
}

/** What the rows are beside the ops that are counted above; "" where nothing is beside them. */
function viewsText({ network: { layers, totals } }: Scene['subjects'][number]): string {
  const views = (layers?.length ?? 0) - totals.ops;
  return views > 0 ? `: ${counted(totals.ops, 'op')} and ${counted(views, 'view')} (free)` : '';
}

function showCharts(scene: Scene, part: 'whole' | 'close'): void {
  const missing: string[] = [];
  const made: Titled[] = [];
  for (const { id, title, picture } of CHARTS.filter(({ closeUp = false }) => closeUp === (part === 'close'))) {
    const drawn = picture(scene);
    if (isMissing(drawn)) {
      if (!drawn.unasked) missing.push(`${title}: ${drawn.missing}`);
    } else made.push({ id, title, picture: drawn, wide: WIDE.has(id) });
  }
  // One network has nothing to be compared with: what needs two is no gap.
  const gaps = part === 'whole' && scene.subjects.length === 1 ? [] : missing;
  if (part === 'whole') byId('whole-section').hidden = made.length + gaps.length === 0;
  figures.show(byId(`charts-${part}`), made, gaps, sourceOf(data, data.views[chosen.view]!));
}

const networkTable = (scene: Scene): HTMLElement =>
  dataTable({
    title: `${counted(scene.subjects.length, 'network')} at batch ${scene.batch}`,
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
      chip.append(clipped(visible(label)));
      return chip;
    }),
  );
  showCharts(scene, 'close');
}

function showLayers(): void {
  const place = byId('layer-table');
  place.replaceChildren(
    ...layerSection(sceneOf(data, chosen.view), chosen.network, data.views[chosen.view]!.answer, (network) => {
      chosen.network = network;
      showLayers();
      place.querySelector('select')?.focus();
    }),
  );
}

function start(): void {
  const controls = byId('controls');
  if (data.views.length > 1)
    controls.append(
      choice(
        data.views[0]!.setting === null ? 'Shown' : 'Measured on',
        data.views.map(({ label }) => label),
        showView,
      ),
    );
  controls.append(
    themeButton(() => {
      figures.redraw();
    }),
    button('Download data (JSON)', () => {
      save(new Blob([JSON.stringify(data, null, 1)], { type: 'application/json' }), 'flopscope-report.json');
    }),
  );
  byId('definitions').replaceChildren(
    ...Object.values(DEFINITIONS).flatMap(({ word, meaning }) => [element('dt', {}, word), element('dd', {}, meaning)]),
  );
  showView(0);
}

whenFontsAreLoaded(start);
