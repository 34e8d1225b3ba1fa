// Measures the network on this browser's GPU, shows what came out, and saves it as a record.

import { utilised } from '../../../src/measure/raised.js';
import { visible } from '../../../src/visible.js';
import { bytes, milliseconds, percentage, short } from '../../text/number.js';
import type { Run } from '../../../src/measure/run.js';
import { announce, button, choice, element } from '../../page/dom.js';
import { save } from '../../page/saving.js';
import type { Studio } from '../app.js';
import { workerOf } from '../asker.js';
import type { MeasureAsked } from '../measuring/measureHere.js';
import type { Said } from '../measuring/measurer.js';

/** How long it takes, and so how much can be told. */
const PROTOCOLS = [
  { title: 'quick: 5 windows of 0.2 s', protocol: { warmups: 3, windows: 5, minWindowSeconds: 0.2 } },
  { title: 'as flopscope measure: 5 windows of 1 s', protocol: { warmups: 3, windows: 5, minWindowSeconds: 1 } },
  { title: 'thorough: 15 windows of 1 s', protocol: { warmups: 10, windows: 15, minWindowSeconds: 1 } },
] as const;

export function measurePane(studio: Studio): HTMLElement {
  let protocol = 1;
  let working: { readonly worker: Worker } | undefined;
  const lengths = choice(
    'How long',
    PROTOCOLS.map(({ title }) => title),
    (index) => {
      protocol = index;
    },
    protocol,
  );
  lengths.querySelector('select')!.id = 'measure-protocol';
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
    const worker = workerOf('measurer.js');
    working = { worker };
    show('Loading the engine ...');
    worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      if (working?.worker === worker) hear(data);
    });
    worker.addEventListener('error', ({ message }) => {
      end(`The measurement ended: ${message || 'its script could not be loaded'}.`);
    });
    worker.postMessage({
      ...{
        wanted: studio.wantedOf(tab),
        layers: layers.checked,
        ceilings: ceilings.checked,
        allowSoftware: software.checked,
      },
      protocol: PROTOCOLS[protocol]!.protocol,
    } satisfies MeasureAsked);
  }

  function hear(said: Said): void {
    if (said.kind === 'progress') {
      bar.value = said.done / Math.max(1, said.all);
      show(`${said.phase}, ${said.done} of ${said.all}`);
      return;
    }
    if (said.kind === 'refused') {
      if (said.software) softly.hidden = false;
      end(`No time: ${said.message}`);
      return;
    }
    studio.runs = [...studio.runs, said.run];
    end(`${visible(said.run.model)} was measured.`);
    studio.draw();
  }

  function show(text: string): void {
    status.textContent = visible(text);
    start.disabled = working !== undefined;
    cancel.hidden = bar.hidden = working === undefined;
  }
  function end(text: string): void {
    working?.worker.terminate();
    working = undefined;
    show(text);
  }
  // A hidden tab is slowed down, so that a time from it says nothing.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && working)
      end(
        'No time: the tab was hidden while it measured, and browsers slow such tabs down. Stay on it and measure again.',
      );
  });

  let drawn: readonly unknown[] = [];
  studio.onDraw(() => {
    const { counted } = studio.resultOf(studio.tab);
    start.disabled = working !== undefined || !counted || !studio.tab || studio.isStale(studio.tab);
    const now = [studio.runs, counted];
    if (now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    results.replaceChildren(...studio.runsOf(studio.tab).toReversed().map(runCard));
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
      element('label', { class: 'field' }, layers, 'Layers, too'),
      element('label', { class: 'field' }, ceilings, 'Ceilings, too'),
      softly,
    ),
    bar,
    status,
    results,
    element(
      'p',
      { class: 'hint' },
      'The graph runs here with seeded weights in TensorFlow.js on WebGPU, by the protocol of flopscope measure: warm-up, windows, ceilings, outputs read before and after. A browser tells no power, rounds its clocks, and slows hidden tabs down; where the clock of the GPU is rounded as much as layers take, there are no times of layers.',
    ),
  );
}

function runCard(run: Run): HTMLElement {
  const { device, times, imagesPerSecond, flopsPerSecond, utilisation, memory, warnings, versions } = run;
  const ceilings = run.ceilings && utilised(run.ceilings);
  const facts: readonly (readonly [string, string])[] = [
    [
      'time of an inference',
      `${milliseconds(times.median)} ms (half of the windows: ${milliseconds(times.lowerQuartile)} to ${milliseconds(times.upperQuartile)})`,
    ],
    ['images/s', short(imagesPerSecond)],
    [
      'FLOP/s (2 per multiply-add)',
      `${short(flopsPerSecond)}FLOP/s${utilisation ? `, ${percentage(utilisation.compute)} of the ceiling` : ''}`,
    ],
    [
      'memory',
      `${short(run.bytesPerSecond)}B/s${utilisation ? `, ${percentage(utilisation.memory)} of the ceiling` : ''}`,
    ],
    [
      'ceilings',
      ceilings
        ? `${short(ceilings.flopsPerSecond)}FLOP/s, ${short(ceilings.bytesPerSecond)}B/s (${ceilings.how})`
        : 'not measured',
    ],
    ['most memory of tensors', memory.peakTensorBytes === null ? 'not known' : bytes(memory.peakTensorBytes)],
    ['energy', run.noEnergy ?? 'see the record'],
    ['where', `${run.engine}, ${Object.values(versions).slice(0, 2).join(', ')}, ${run.measuredAt}`],
  ];
  return element(
    'article',
    { class: 'finding run', 'data-model': run.model },
    element(
      'h3',
      {},
      `${visible(device.name)}${device.software ? ' (a software driver, no GPU)' : ''}: ${milliseconds(times.median)} ms`,
    ),
    element(
      'dl',
      { class: 'run-facts' },
      ...facts.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, visible(text))]),
    ),
    warnings.length === 0
      ? null
      : element('ul', { class: 'warnings' }, ...warnings.map(({ message }) => element('li', {}, visible(message)))),
    layersOf(run),
    button(
      'Save the run (JSON)',
      () => {
        save(
          new Blob([`${JSON.stringify(run, null, 2)}\n`], { type: 'application/json' }),
          `${run.model.replaceAll(/[^\w.-]+/g, '-')}-run.json`,
        );
        announce('Saved: flopscope report --runs reads it.');
      },
      { class: 'quiet' },
    ),
  );
}

/** Layers that take the most time. */
const SLOWEST = 10;

function layersOf({ layers, noLayers }: Run): HTMLElement {
  if (layers === null)
    return element('p', { class: 'hint' }, `No times of layers: ${visible(noLayers ?? 'not asked for')}.`);
  const whole = layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
  return element(
    'details',
    {},
    element('summary', {}, `The slowest of ${layers.length} steps`),
    element(
      'ol',
      {},
      ...[...layers]
        .sort((a, b) => b.milliseconds - a.milliseconds)
        .slice(0, SLOWEST)
        .map(({ name, milliseconds: ms }) =>
          element('li', {}, `${visible(name)}: ${milliseconds(ms)} ms, ${percentage(ms / whole)}`),
        ),
    ),
  );
}
