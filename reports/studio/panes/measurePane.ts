// Measures networks on this browser's GPU, in sessions of a worker each, and shows what came out.

import type { Run } from '../../../src/measure/run.js';
import { visible } from '../../../src/visible.js';
import { button, choice, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { workerOf } from '../asker.js';
import type { MeasureAsked, SessionsSoFar } from '../measuring/measureHere.js';
import type { Said } from '../measuring/measurer.js';
import { runCard } from './runCard.js';

/** How long it takes, and so how much can be told. */
const PROTOCOLS = [
  { title: 'quick: 5 windows of 0.2 s', protocol: { warmups: 3, windows: 5, minWindowSeconds: 0.2 } },
  { title: 'as flopscope measure: 5 windows of 1 s', protocol: { warmups: 3, windows: 5, minWindowSeconds: 1 } },
  { title: 'thorough: 15 windows of 1 s', protocol: { warmups: 10, windows: 15, minWindowSeconds: 1 } },
] as const;

/** Sessions differ by what only a new start changes; fewer than three tell little of it. */
const SESSIONS = [1, 3, 5, 10] as const;

export function measurePane(studio: Studio): HTMLElement {
  let protocol = 1;
  let sessions: number = SESSIONS[1];
  let working: { readonly worker: Worker } | undefined;
  /** Of the measurement that runs: what its sessions found. */
  let found: SessionsSoFar | null = null;
  const lengths = choice(
    'How long',
    PROTOCOLS.map(({ title }) => title),
    (index) => {
      protocol = index;
    },
    protocol,
  );
  lengths.querySelector('select')!.id = 'measure-protocol';
  const many = choice(
    'Sessions',
    SESSIONS.map(String),
    (index) => {
      sessions = SESSIONS[index]!;
    },
    SESSIONS.indexOf(3),
  );
  many.querySelector('select')!.id = 'measure-sessions';
  const beside = element('fieldset', { class: 'beside', id: 'measure-beside', hidden: true });
  /** Ids of tabs that are measured in the same sessions. */
  const together = new Set<number>();
  const layers = element('input', { type: 'checkbox', id: 'measure-layers', checked: true });
  const ceilings = element('input', { type: 'checkbox', id: 'measure-ceilings', checked: true });
  const software = element('input', { type: 'checkbox', id: 'measure-software' });
  const softly = element(
    'label',
    { class: 'field', hidden: true },
    software,
    'Measure on the software adapter all the same',
  );
  const start = button('Measure on this GPU', () => { begin(); }, { id: 'measure-start', class: 'apply' }); // prettier-ignore
  const cancel = button('Cancel', () => { end('The measurement was cancelled.'); }, { id: 'measure-cancel', hidden: true }); // prettier-ignore
  const bar = element('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Progress of the measurement' });
  const status = element('p', { class: 'hint', role: 'status', id: 'measure-status' });
  const results = element('div', { class: 'answer', id: 'measure-results' });

  function begin(): void {
    const { tab } = studio;
    if (!tab || working) return;
    found = null;
    const others = studio.state.tabs.filter(({ id }) => id !== tab.id && together.has(id));
    session(1, {
      ...{
        wanted: [tab, ...others].map((one) => studio.wantedOf(one)),
        layers: layers.checked,
        ceilings: ceilings.checked,
        allowSoftware: software.checked,
      },
      ...{ protocol: PROTOCOLS[protocol]!.protocol, earlier: null },
    });
  }

  /** A new worker opens the engine anew, as a new process does for flopscope measure. */
  function session(number: number, asked: MeasureAsked): void {
    const all = sessions;
    const worker = workerOf('measurer.js');
    working = { worker };
    const name = `session ${number} of ${all}: `;
    show(`${name}loading the engine ...`);
    worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      if (working?.worker !== worker) return;
      if (data.kind === 'progress') {
        bar.value = (number - 1 + data.done / Math.max(1, data.all)) / all;
        show(`${name}${data.phase}${data.model === undefined ? '' : ` of ${data.model}`}, ${data.done} of ${data.all}`);
      } else if (data.kind === 'refused') {
        if (data.software) softly.hidden = false;
        end(found ? `Session ${number} gave no time: ${data.message}` : `No time: ${data.message}`);
      } else {
        const before = new Set(found?.runs);
        found = data.found;
        studio.runs = [...studio.runs.filter((run) => !before.has(run)), ...found.runs];
        worker.terminate();
        if (number < all) session(number + 1, { ...asked, earlier: found });
        else end(measuredWords(found.runs, data.note));
        // A software adapter was passed over: it can be asked for.
        if (data.software) softly.hidden = false;
        studio.draw();
      }
    });
    worker.addEventListener('error', ({ message }) => {
      if (working?.worker === worker) end(`The measurement ended: ${message || 'its script could not be loaded'}.`);
    });
    worker.postMessage(asked);
  }

  function measuredWords(runs: readonly Run[], note: string | null): string {
    const [own] = runs;
    const elsewhere = own && studio.runsOf(studio.tab).includes(own) ? [] : ['Its times stand where it is open.'];
    const names = runs.map(({ model }) => model).join(', ');
    return [
      `${names} ${runs.length > 1 ? 'were' : 'was'} measured.`,
      ...(note === null ? [] : [note]),
      ...elsewhere,
    ].join(' ');
  }
  function show(text: string): void {
    status.textContent = visible(text);
    start.disabled = many.querySelector('select')!.disabled = working !== undefined;
    cancel.hidden = bar.hidden = working === undefined;
  }
  function end(text: string): void {
    working?.worker.terminate();
    working = undefined;
    const done = found?.runs[0]?.sessions.length ?? 0;
    show(done > 0 && done < sessions ? `${text} What ${done} of ${sessions} sessions told is kept.` : text);
  }
  // A hidden tab is slowed down, so that a time from it says nothing.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && working)
      end(
        'No time: the tab was hidden while it measured, and browsers slow such tabs down. Stay on it and measure again.',
      );
  });

  let offered = '';
  function drawBeside(): void {
    const { tab, state } = studio;
    const others = state.tabs.filter(
      (one) => one.id !== tab?.id && studio.resultOf(one).counted && !studio.isStale(one),
    );
    const now = others.map(({ id, source }) => `${id} ${source.name}`).join('\n');
    if (now === offered) return;
    offered = now;
    for (const id of together) if (!others.some((one) => one.id === id)) together.delete(id);
    beside.hidden = others.length === 0;
    beside.replaceChildren(
      element('legend', {}, 'In the same sessions, its windows between those of this network'),
      ...others.map(({ id, source }) => {
        const box = element('input', { type: 'checkbox', value: id });
        box.checked = together.has(id);
        box.addEventListener('change', () => {
          if (box.checked) together.add(id);
          else together.delete(id);
        });
        return element('label', { class: 'field' }, box, `${id}. ${visible(source.name)}`);
      }),
    );
  }

  let drawn: readonly unknown[] = [];
  studio.onDraw(() => {
    const { counted } = studio.resultOf(studio.tab);
    // Nobody could cancel it.
    if (!studio.tab && working) end('The measurement was cancelled: its network was closed.');
    drawBeside();
    start.disabled = working !== undefined || !counted || !studio.tab || studio.isStale(studio.tab);
    const now = [studio.runs, counted];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    results.replaceChildren(
      ...studio
        .runsOf(studio.tab)
        .toReversed()
        .map((run) => runCard(run, studio.runs)),
    );
  });

  return element(
    'div',
    {},
    element(
      'div',
      { class: 'toolbar' },
      start,
      cancel,
      lengths,
      many,
      element('label', { class: 'field' }, layers, 'Layers, too'),
      element('label', { class: 'field' }, ceilings, 'Ceilings, too'),
      softly,
    ),
    beside,
    bar,
    status,
    results,
    element(
      'p',
      { class: 'hint' },
      'The graph runs here with seeded weights in TensorFlow.js on WebGPU; where every network is an ONNX file with its weights, the files run as they are in ONNX Runtime (27 MB, loaded once it is needed). It goes by the protocol of flopscope measure: warm-up, windows, ceilings, outputs read before and after, and each session in a worker of its own. Networks that ran in the same sessions are compared. A browser tells no power, rounds its clocks, and slows hidden tabs down; where the clock of the GPU is rounded as much as layers take, there are no times of layers.',
    ),
  );
}
