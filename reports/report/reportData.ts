// The data of a report as plain JSON: networks, runs, and the views that join them.

import type { Device } from '../../src/devices/device.js';
import type { Prediction } from '../../src/devices/predict.js';
import type { Run } from '../../src/measure/run.js';
import type { Profile } from '../../src/profile.js';
import { InputError } from '../../src/inputError.js';
import type { Miss } from '../../src/training/search.js';
import { abbreviate } from '../../src/visible.js';
import { bytes } from '../text/number.js';
import type { Diagnosed } from '../../src/diagnosis/diagnose.js';
import { answerOf, answerSentences, findingSentence, type Answer } from './answer.js';
import { earlierRuns, type EarlierRuns } from './earlierRuns.js';
import { findingsOf, type Findings } from './finding.js';
import { LAYER_FIELDS } from './layerRow.js';
import { BYTES_PER_ELEMENT, type Network } from './network.js';
import { Networks, type Trainings } from './networks.js';
import { deviceLabel } from '../../src/measure/label.js';
import { predictedTimes, type PredictedTimes } from './predictedTimes.js';
import { NO_TIME, UNMEASURED_TIME } from './headline.js';
import { settingsOf, type Setting } from './settings.js';
import { abridged, listed } from '../../src/plural.js';
import type { Subject } from './subject.js';
import { unmatchedLayer } from './timedLayers.js';

/** A network of a view, and its run where there is one; indices into `networks` and `runs`. */
export interface Entry {
  readonly network: number;
  readonly run: number | null;
}

/** Networks that can be compared: of one batch, and measured on one device with one setting. */
export interface View extends Findings {
  /** Only of one network: what its diagnosis found. */
  readonly answer?: Answer;
  /** Only where devices are named: predicted times, which are never shown as measured. */
  readonly predicted?: PredictedTimes;
  /** Before and after: only where a network was measured before, too. */
  readonly earlier?: EarlierRuns;
  readonly label: string;
  readonly batch: number;
  /** Null where nothing was measured. */
  readonly setting: Setting | null;
  readonly entries: readonly Entry[];
  /** Index into `entries`. */
  readonly baseline: number;
}

export interface ReportData {
  readonly schema: 'flopscope.report/1';
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly flopscope: string;
  /** Of the networks that do not have their own. */
  readonly bytesPerElement: number;
  readonly layerFields: typeof LAYER_FIELDS;
  readonly networks: readonly Network[];
  readonly runs: readonly Run[];
  /** The first is shown first. */
  readonly views: readonly View[];
  /** Notes on the origin of the data. */
  readonly notes: readonly string[];
}

export interface ReportInput {
  readonly title?: string | undefined;
  readonly madeAt: string;
  readonly version: string;
  /** Name or label of the model that others are compared to; the first where absent. */
  readonly baseline?: string | undefined;
  /** In the order in which they are shown; a model may come at several batches. */
  readonly profiles: readonly Profile[];
  readonly runs: readonly Run[];
  /**
   * Candidates for networks of runs that are not among the profiles. One is shown where a run is of
   * it.
   */
  readonly counted?: readonly Profile[];
  readonly notes?: readonly string[];
  /** The diagnosis of a profile, by the layers of its run where one has them. */
  readonly diagnose?: (profile: Profile, run: Run | null) => Diagnosed | undefined;
  /** Predictions of a profile, one for each device that is named. */
  readonly predict?: (profile: Profile) => readonly Prediction[];
  readonly devices?: readonly Device[];
  /** The training steps of profiles, where training is shown. */
  readonly trainings?: Trainings;
}

/** @throws InputError when there is nothing to show, or no such baseline */
export function reportData(input: ReportInput): ReportData {
  const { profiles, runs, counted = [], notes = [] } = input;
  const known = new Networks(profiles, counted, input.trainings);
  for (const run of runs) known.addRun(run);
  const { networks } = known;
  if (networks.length === 0)
    throw new InputError('there is nothing to report: name models, or give --runs with files of flopscope measure -o');
  const baseline = baselineModel(networks, input.baseline);
  const { settings, repeated } = settingsOf(runs, known);
  const batches = [...new Set(networks.map(({ input: { n } }) => n))];
  const plain = batches.map((batch) => ({
    label: '',
    batch,
    setting: null,
    runs: new Map<number, number>(),
    earlier: [],
  }));
  const views = (settings.length > 0 ? settings : plain).map((part): View => {
    const entries = known
      .atBatch(part.batch)
      .map((network): Entry => ({ network, run: part.runs.get(network) ?? null }));
    const at = Math.max(
      0,
      entries.findIndex(({ network }) => networks[network]!.label === baseline),
    );
    const subjects = entries.map((entry) => ({
      network: networks[entry.network]!,
      run: entry.run === null ? null : runs[entry.run]!,
    }));
    const findings = findingsOf(subjects, at, part.setting, input.baseline !== undefined);
    return {
      label: part.label || `batch ${part.batch}, counted`,
      batch: part.batch,
      setting: part.setting,
      entries,
      baseline: at,
      ...findings,
      ...answered(input, known, entries, subjects),
      ...withPredictions(input, known, entries, findings),
      ...withEarlier(part.earlier, networks, runs),
    };
  });
  return {
    schema: 'flopscope.report/1',
    title: input.title ?? titleOf(networks),
    madeAt: input.madeAt,
    flopscope: input.version,
    bytesPerElement: BYTES_PER_ELEMENT,
    layerFields: LAYER_FIELDS,
    networks,
    // The graph is left out: the layers are in the network.
    runs: runs.map((run) => ('graph' in run ? { ...run, graph: undefined } : run)),
    views,
    notes: [
      ...notes,
      ...repeated,
      ...known.unknownLayers(),
      ...networks.flatMap(({ label, missesBudget }) => (missesBudget ? [missNote(label, missesBudget)] : [])),
      ...otherLayers(runs, known),
      ...otherBaselines(networks, views, baseline),
    ],
  };
}

/** That a network misses its memory budget; the part on training says how. */
const missNote = (label: string, { budget, leastPeakBytes }: Miss): string =>
  `${abbreviate(label)} misses the memory budget of ${bytes(budget)} by ${bytes(leastPeakBytes - budget)}: its training step is left out.`;

function withEarlier(...given: Parameters<typeof earlierRuns>): Partial<View> {
  const earlier = earlierRuns(...given);
  return earlier ? { earlier } : {};
}

/** The sentences of a view of one network follow from its diagnosis. */
function answered(
  { diagnose }: ReportInput,
  known: Networks,
  entries: readonly Entry[],
  subjects: readonly Subject[],
): Partial<View> {
  const [only, ...others] = entries;
  const [subject] = subjects;
  const profile = only && others.length === 0 ? known.profileAt(only.network) : undefined;
  if (!profile || !subject || !diagnose) return {};
  const timed = subject.run?.layers && unmatchedLayer(subject) === undefined ? subject.run : null;
  const diagnosed = diagnose(profile, timed);
  if (!diagnosed) return {};
  const answer = answerOf(diagnosed, timed);
  const [headline, explanation] = answerSentences(subject.network.label, answer);
  const findings = [...answer.findings.map(findingSentence), ...(answer.folded === undefined ? [] : [answer.folded])];
  return { answer, headline, explanation, findings };
}

/** Several networks are ranked by what is predicted, where nothing was measured. */
function withPredictions(
  { predict, devices = [] }: ReportInput,
  known: Networks,
  entries: readonly Entry[],
  { explanation }: Findings,
): Partial<View> {
  if (!predict || devices.length === 0) return {};
  const rows = entries.flatMap(({ network }) => {
    const profile = known.profileAt(network);
    return profile ? predict(profile).map((prediction) => ({ network, prediction })) : [];
  });
  if (rows.length === 0) return {};
  const predicted = predictedTimes(rows, devices);
  const said = `${UNMEASURED_TIME} ${predicted.ranking.map((text) => `Predicted: ${text}`).join(' ')}`;
  return entries.length > 1 && explanation.includes(NO_TIME)
    ? { predicted, explanation: explanation.replace(NO_TIME, said.trim()) }
    : { predicted };
}

/**
 * One sentence for each run whose timed layers are not the counted ones, because another version
 * named them differently, for example.
 */
const otherLayers = (runs: readonly Run[], known: Networks): readonly string[] =>
  runs.flatMap((run) => {
    const network = known.networks[known.indexOf(run)]!;
    const strange = unmatchedLayer({ network, run });
    return strange === undefined
      ? []
      : [
          `The layers that were timed in ${abbreviate(network.label)} on ${deviceLabel(run)} are not those that are counted here (the first is ${abbreviate(strange)}), so no chart shows their times: measure again.`,
        ];
  });

/** One sentence for each view without the baseline, in which another network takes its place. */
const otherBaselines = (networks: readonly Network[], views: readonly View[], baseline: string): readonly string[] =>
  views.flatMap(({ label, entries, baseline: at }) => {
    const found = networks[entries[at]!.network]!.label;
    return found === baseline
      ? []
      : [
          `${label}: ${abbreviate(baseline)} is not there at this batch, so ${abbreviate(found)} is what others are compared to.`,
        ];
  });

function baselineModel(networks: readonly Network[], wanted: string | undefined): string {
  if (wanted === undefined) return networks[0]!.label;
  const found = networks.find(({ label, model }) => label === wanted || model === wanted);
  if (!found) {
    const labels = [...new Set(networks.map(({ label }) => label))];
    throw new InputError(`--baseline ${wanted} is not in the report; it can be one of ${labels.join(', ')}`);
  }
  return found.label;
}

/** "resnet50, densenet121 and 3 more" */
function titleOf(networks: readonly Network[]): string {
  const labels = [...new Set(networks.map(({ label }) => label))];
  if (labels.length === 1) return labels[0]!;
  return labels.length <= 4 ? listed(labels) : abridged(labels);
}
