// The input of charts: networks of one view with their runs, the baseline, and a selection.

import type { Run } from '../../src/measure/run.js';
import type { Answer } from '../report/answer.js';
import type { Network } from '../report/network.js';
import type { PredictedRow } from '../report/predictedTimes.js';
import type { ReportData } from '../report/reportData.js';
import type { Setting } from '../report/settings.js';

export interface Subject {
  /** The index in the view, which sets its colour and point shape. */
  readonly place: number;
  readonly label: string;
  readonly network: Network;
  readonly run: Run | null;
}

export interface Scene {
  readonly subjects: readonly Subject[];
  readonly baseline: Subject;
  /** Those whose stages and layers are drawn. */
  readonly focus: readonly Subject[];
  /** Only of one network: what its diagnosis found. */
  readonly answer?: Answer;
  /** Only where devices are named; `place` is that of the subject. */
  readonly predicted?: readonly (PredictedRow & { readonly place: number })[];
  readonly setting: Setting | null;
  readonly batch: number;
  /** Of networks that do not have their own. */
  readonly bytesPerElement: number;
}

/** The most networks in one chart of layers. */
export const MOST_IN_FOCUS = 4;

/** @param focus places in the view; the baseline and the first few others where absent */
export function sceneOf(data: ReportData, view: number, focus?: readonly number[]): Scene {
  const { entries, baseline, setting, batch, answer, predicted } = data.views[view]!;
  const subjects = entries.map(({ network, run }, place): Subject => {
    const counted = data.networks[network]!;
    return { place, label: counted.label, network: counted, run: run === null ? null : data.runs[run]! };
  });
  const places = focus ?? focusOf(subjects, baseline);
  return {
    subjects,
    baseline: subjects[baseline]!,
    focus: subjects.filter(({ place }) => places.includes(place)),
    setting,
    batch,
    ...(answer ? { answer } : {}),
    ...(predicted
      ? {
          predicted: predicted.rows.map((row) => ({
            ...row,
            place: entries.findIndex(({ network }) => network === row.network),
          })),
        }
      : {}),
    bytesPerElement: data.bytesPerElement,
  };
}

/** The places that are looked at closely unless the reader chooses others. */
export const focusOf = (subjects: readonly Subject[], baseline: number): readonly number[] =>
  [...new Set([baseline, ...subjects.map(({ place }) => place)])].slice(0, MOST_IN_FOCUS);

export const measured = ({ subjects }: Scene): readonly (Subject & { readonly run: Run })[] =>
  subjects.flatMap((subject) => (subject.run ? [{ ...subject, run: subject.run }] : []));

/** The text of a chart of measurements without runs. */
export const UNMEASURED = { missing: 'This needs measured times: flopscope report --measure, or --runs.' };
