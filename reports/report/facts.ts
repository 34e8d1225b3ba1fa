// The facts at the head of a page: what was compared, where, when, and by which conventions.

import { imageSides } from '../../src/inputSize.js';
import { howMeasured, utilised } from '../../src/measure/raised.js';
import type { Run } from '../../src/measure/run.js';
import { abridged, counted } from '../../src/plural.js';
import { by, short } from '../text/number.js';
import { utilisationNote } from '../text/utilisationNote.js';
import { abbreviate, visible } from '../../src/visible.js';
import type { ReportData, View } from './reportData.js';
import { trainedHow } from './trainingText.js';
import { deviceWords } from '../../src/measure/label.js';

export interface Fact {
  readonly term: string;
  readonly text: string;
}

export function factsOf(data: ReportData, view: View): readonly Fact[] {
  const networks = view.entries.map(({ network }) => data.networks[network]!);
  const inputs = [...new Set(networks.map(({ input }) => by(imageSides(input))))];
  const sizes = inputs.length <= 3 ? inputs.join(', ') : `${inputs.length} sizes`;
  return [
    {
      term: 'Compared',
      text: `${counted(networks.length, 'network')}, batch ${view.batch}, input ${sizes}`,
    },
    ...boundFacts(networks),
    ...measuredFacts(view, runsOf(data, view)),
    ...ratioFacts(data, view),
    ...trainingFacts(data, view),
    {
      term: 'Conventions',
      text: `FLOP/s is 2 x multiply-adds per second; memory access is in elements (${elementsOf(networks, data.bytesPerElement)}), unfused unless said otherwise`,
    },
    { term: 'Made', text: `${day(data.madeAt)} by flopscope ${visible(data.flopscope)}` },
  ];
}

function trainingFacts(data: ReportData, view: View): readonly Fact[] {
  const how = trainedHow(data, view);
  return how === undefined ? [] : [{ term: 'Training', text: how }];
}

/** Where ratios of times come from; nothing where no two networks were measured. */
function ratioFacts(data: ReportData, { entries, baseline }: View): readonly Fact[] {
  const runs = entries.map(({ run }) => (run === null ? null : data.runs[run]!));
  const own = runs[baseline]?.sessions ?? [];
  const others = runs.flatMap((run, place) => (run && place !== baseline ? [run.sessions] : []));
  const together = others.some((sessions) =>
    sessions.some(({ id, turn }) => own.some((session) => session.id === id && session.turn === turn)),
  );
  const several = own.length > 1 && others.some(({ length }) => length > 1);
  if (!together && !several) return [];
  const from = together ? 'windows that were measured side by side' : 'sessions, each by its median';
  return [
    { term: 'Ratios', text: `those of times come from ${from}, so they need not be the quotients of the times shown` },
  ];
}

/** "4 bytes each"; "2 bytes in a, 4 bytes in b". */
function elementsOf(networks: ReportData['networks'], usual: number): string {
  const sizes = [...new Set(networks.map(({ bytesPerElement = usual }) => bytesPerElement))];
  if (sizes.length === 1) return `${counted(sizes[0]!, 'byte')} each`;
  const named = networks.map(
    ({ label, bytesPerElement = usual }) => `${counted(bytesPerElement, 'byte')} in ${abbreviate(label)}`,
  );
  return `${named.slice(0, MOST_NAMED).join(', ')}${named.length > MOST_NAMED ? ', and so on' : ''}`;
}
const MOST_NAMED = 6;

/** Names the networks whose counts are lower bounds. */
function boundFacts(networks: ReportData['networks']): readonly Fact[] {
  const some = boundLabels(networks);
  return some === '' ? [] : [{ term: 'Lower bounds', text: `${some}: every count is one, and no ratio is made of it` }];
}

function boundLabels(networks: ReportData['networks']): string {
  const labels = networks.filter(({ lowerBound }) => lowerBound).map(({ label }) => abbreviate(label));
  return abridged(labels);
}

export const runsOf = (data: ReportData, view: View): readonly Run[] =>
  view.entries.flatMap(({ run }) => (run === null ? [] : [data.runs[run]!]));

function measuredFacts({ setting, entries, predicted }: View, runs: readonly Run[]): readonly Fact[] {
  const [first] = runs;
  if (setting === null || !first)
    return [
      {
        term: 'Measured',
        text: predicted
          ? 'nothing: counts are of the graphs, and every time is predicted, with its interval'
          : 'nothing: all figures are counted from the graphs, and no time is shown',
      },
    ];
  const { device, engine, mode, precision, environment, measured, ceilings } = setting;
  const { warmups, minWindowSeconds } = first.protocol;
  const sessions = Math.max(1, first.sessions.length);
  const times = `${counted(first.times.windows.length, 'window')}${sessions > 1 ? ` in ${sessions} sessions` : ''}`;
  const how = mode === 'fused' ? 'folded and fused for inference' : 'every op as written';
  return [
    {
      term: 'Device',
      text: visible(
        `${deviceWords(device, 80)}${device.kind === 'cpu' ? ` with ${counted(environment.cores, 'core')}` : ''}, engine ${brief(engine)}, ${brief(precision)}, ${how}${device.driver === null ? '' : `, driver ${brief(device.driver)}`}${environment.cpu === device.name ? '' : `; host ${brief(environment.cpu)}`}`,
      ),
    },
    {
      term: 'Measured',
      text: `${day(measured[0])}${day(measured[1]) === day(measured[0]) ? '' : ` to ${day(measured[1])}`}, ${runs.length} of ${counted(entries.length, 'network')}; median of ${times} of at least ${minWindowSeconds} s after ${counted(warmups, 'warm-up')}`,
    },
    {
      term: 'Ceilings',
      text: ceilings
        ? visible(
            `${short(ceilings.flopsPerSecond)}FLOP/s and ${short(ceilings.bytesPerSecond)}B/s, measured with the same engine (${howMeasured(ceilings)})${utilisedWords(ceilings, runs)}`,
          )
        : 'not measured, so utilisation is not known',
    },
  ];
}

/** Timed layers may raise the ceilings of the roofline. Utilisation does not change. */
function utilisedWords(ceilings: NonNullable<Run['ceilings']>, runs: readonly Run[]): string {
  const { flopsPerSecond, bytesPerSecond } = utilised(ceilings);
  const same = flopsPerSecond === ceilings.flopsPerSecond && bytesPerSecond === ceilings.bytesPerSecond;
  const noise = utilisationNote(runs);
  const words = [
    ...(same
      ? []
      : [
          `utilisation is of ${short(flopsPerSecond)}FLOP/s and ${short(bytesPerSecond)}B/s, which no inference as a whole passed`,
        ]),
    ...(noise === '' ? [] : [noise]),
  ];
  return words.map((text) => `; ${text}`).join('');
}

const brief = (text: string): string => abbreviate(text, 80);

/** 2026-01-31, from ISO 8601. */
const day = (time: string): string => visible(time.slice(0, 10));

/** A sentence for each other view. Views are never ranked together. */
export const othersOf = (data: ReportData, view: View): readonly string[] =>
  data.views.filter((other) => other !== view).map(({ label, headline }) => visible(`${label}: ${headline}`));

/** The source line under a picture outside of its page. */
export function sourceOf(data: ReportData, { label, setting, entries }: View): string {
  const bounds = boundLabels(entries.map(({ network }) => data.networks[network]!));
  const source =
    setting === null
      ? `Counted, not measured; flopscope ${data.flopscope}.`
      : `Counted by flopscope ${data.flopscope}; times, where there are any, measured on ${label}, ${setting.measured[0].slice(0, 10)}.`;
  return visible(bounds === '' ? source : `${source} Counts of ${bounds} are lower bounds.`);
}
