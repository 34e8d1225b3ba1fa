// Compares our counts with VoVNet's published detectors, by row and by difference of rows.

import { machineLabel } from '../measure/label.js';
import { setupOf, type Setup } from '../measure/setup.js';
import type { Run } from '../measure/run.js';
import { graphOf } from '../model.js';
import type { Graph } from '../graph.js';
import { profile, type Profile } from '../profile.js';
import {
  deviation,
  difference,
  isAllowed,
  printed,
  tellsOnePercent,
  verdictOf,
  verdictOfDifference,
  type Printed,
  type PrintedMatch,
} from './printed.js';
import { DIFFERENCES, NOTES, PUBLISHED, type Figures, type Published, type Table } from './voVNetRows.js';

/** A count of ours beside the printed one; null where the source prints none. */
export interface Compared {
  /** In the unit of the print: G or M. */
  readonly ours: number;
  readonly paper: string | null;
  /** ours / paper - 1. */
  readonly off: number | null;
  /** What the printed digits allow: rounded, or cut off. */
  readonly allowed: readonly [number, number] | null;
  /** Whether ours lies in there. */
  readonly inside: boolean | null;
  /** Whether those digits are fine enough to tell one per cent. */
  readonly tells: boolean | null;
  readonly verdict: PrintedMatch | null;
}

export interface StudyRow {
  readonly table: Table;
  readonly detector: string;
  readonly backbone: string;
  readonly model: string;
  readonly multAdds: number;
  /** As the paper counts: multiply-adds, and one for each element that a batch norm writes. */
  readonly flops: Compared;
  readonly params: Compared;
  /** The network that the params are of, where the source counts another than `model`. */
  readonly paramsOf: string | null;
  readonly figures: Figures;
  readonly measured: Measured | null;
  readonly note: string;
}

export interface StudyDifference {
  readonly table: Table;
  readonly detector: string;
  readonly to: string;
  readonly from: string;
  readonly flops: Compared | null;
  readonly params: Compared;
}

/** The same columns as the paper's, on this device. */
export interface Measured {
  readonly framesPerSecond: number;
  readonly peakMegabytes: number | null;
  /**
   * What peakMegabytes is of: all that the engine took from the device, or where it does not tell
   * the tensors by their shapes.
   */
  readonly memoryOf: 'device' | 'tensors';
  readonly joulesPerImage: number | null;
  readonly gigaflopsPerSecond: number;
}

export interface VoVNetTables {
  readonly schema: 'flopscope.study.vovnet-tables/1';
  /** Where it was measured; null where it was not. */
  readonly device: string | null;
  /** The same for programs, with the protocol. */
  readonly setup: Setup | null;
  readonly rows: readonly StudyRow[];
  readonly differences: readonly StudyDifference[];
}

/** One row with our network, built and counted for one image. */
export interface StudyCase {
  readonly published: Published;
  readonly counted: Profile;
  /** What the printed params are of. */
  readonly owner: Profile;
}

/** Published rows never change, so each is counted once in a process. */
const counts = new Map<Published, StudyCase>();

function counted(published: Published): StudyCase {
  const known = counts.get(published);
  if (known) return known;
  const whole = profile(graphOf(published.model()));
  const { paramsOf } = published;
  const made = { published, counted: whole, owner: paramsOf ? profile(graphOf(paramsOf())) : whole };
  counts.set(published, made);
  return made;
}

/** @param tables whose rows are wanted */
export const studyCases = (tables: readonly Table[]): readonly StudyCase[] =>
  PUBLISHED.filter(({ table }) => tables.includes(table)).map(counted);

/** A network to run, and the rows whose times it gives. */
export interface StudyJob {
  readonly graph: Graph;
  readonly counted: Profile;
  readonly cases: readonly StudyCase[];
}

/** One for each network whose time was published, even if several tables have it. */
export function studyJobs(cases: readonly StudyCase[], batch: number): readonly StudyJob[] {
  const jobs = new Map<string, StudyJob>();
  for (const one of cases) {
    const { figures, model } = one.published;
    if (figures.fps === undefined && figures.milliseconds === undefined) continue;
    const found = model();
    const job = jobs.get(found.name);
    const graph = job?.graph ?? graphOf(found, batch);
    jobs.set(found.name, { graph, counted: job?.counted ?? profile(graph), cases: [...(job?.cases ?? []), one] });
  }
  return [...jobs.values()];
}

/**
 * @param tables whose rows are wanted
 * @param measure runs the networks whose times were published, at `batch`; without it they are only
 * counted
 */
export async function studyVoVNetTables(
  tables: readonly Table[],
  batch = 1,
  measure?: (jobs: readonly StudyJob[]) => Promise<readonly Run[]>,
): Promise<VoVNetTables> {
  const cases = studyCases(tables);
  if (!measure) return voVNetTables(cases);
  const jobs = studyJobs(cases, batch);
  const runs = await measure(jobs);
  return voVNetTables(cases, new Map(jobs.flatMap((job, i) => job.cases.map((one) => [one, runs[i]!] as const))));
}

/** @param runs of cases that were measured */
export function voVNetTables(cases: readonly StudyCase[], runs: ReadonlyMap<StudyCase, Run> = new Map()): VoVNetTables {
  const rows = cases.map((one) => rowOf(one, runs.get(one)));
  const device = machineLabel([...runs.values()]);
  return {
    ...{ schema: 'flopscope.study.vovnet-tables/1', device, setup: setupOf([...runs.values()]) },
    ...{ rows, differences: differencesOf(rows) },
  };
}

function rowOf({ published, counted, owner }: StudyCase, run: Run | undefined): StudyRow {
  const { table, detector, backbone, figures, note, frozen = false } = published;
  const { multAdds } = counted.totals;
  const params = owner.totals.params - (frozen ? paramsOfNorms(owner) : 0);
  return {
    ...{ table, detector, backbone, figures, note: NOTES[note], model: counted.model, multAdds },
    flops: compared((multAdds + elementsNormed(counted)) / 1e9, figures.flops),
    params: compared(params / 1e6, figures.params),
    paramsOf: owner === counted ? null : owner.model,
    measured: run ? measuredOf(run) : null,
  };
}

const NOTHING_PRINTED = { paper: null, off: null, allowed: null, inside: null, tells: null, verdict: null } as const;

const compared = (ours: number, text: string | undefined): Compared =>
  text === undefined ? { ours, ...NOTHING_PRINTED } : against(ours, printed(text));

const against = (ours: number, figure: Printed, verdict = verdictOf): Compared => ({
  ours,
  paper: figure.text,
  off: deviation(ours, figure),
  allowed: figure.range,
  inside: isAllowed(ours, figure),
  tells: tellsOnePercent(figure),
  verdict: verdict(ours, figure),
});

const norms = ({ layers }: Profile): Profile['layers'] => layers.filter(({ op }) => op === 'batchNorm');
const elementsNormed = (profile: Profile): number =>
  norms(profile).reduce((sum, { outShape }) => sum + outShape.reduce((all, side) => all * side, 1), 0);
const paramsOfNorms = (profile: Profile): number => norms(profile).reduce((sum, { params }) => sum + params, 0);

const megabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1e6);

const measuredOf = (run: Run): Measured => ({
  framesPerSecond: run.imagesPerSecond,
  peakMegabytes: megabytes(run.memory.peakDeviceBytes ?? run.memory.peakTensorBytes),
  memoryOf: run.memory.peakDeviceBytes === null ? 'tensors' : 'device',
  joulesPerImage: run.energy?.joulesPerImage ?? null,
  gigaflopsPerSecond: run.paperFlopsPerSecond / 1e9,
});

function differencesOf(rows: readonly StudyRow[]): readonly StudyDifference[] {
  return DIFFERENCES.flatMap(([table, detector, to, from]) => {
    const find = (backbone: string): StudyRow | undefined =>
      rows.find((row) => row.table === table && row.detector === detector && row.backbone === backbone);
    const [upper, lower] = [find(to), find(from)];
    const params = upper && lower && differenceOf(upper, lower, 'params');
    return params ? [{ table, detector, to, from, flops: differenceOf(upper, lower, 'flops'), params }] : [];
  });
}

/** Null where one of the two has no printed figure. */
function differenceOf(to: StudyRow, from: StudyRow, count: 'flops' | 'params'): Compared | null {
  const [upper, lower] = [to[count], from[count]];
  if (upper.paper === null || lower.paper === null) return null;
  const figure = difference(printed(upper.paper), printed(lower.paper));
  return against(upper.ours - lower.ours, figure, verdictOfDifference);
}
