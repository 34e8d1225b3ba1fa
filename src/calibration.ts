// Times networks for a device record: which ones, within a time limit, and their record.

import { familyOf } from './builtIn.js';
import { calibrate, LEAST_TIMED, type Timing } from './devices/calibrate.js';
import type { Device } from './devices/device.js';
import { MODES_OF_RUN, type ModeName } from './devices/modes.js';
import { InputError } from './inputError.js';
import { runLabel } from './measure/label.js';
import type { Run } from './measure/run.js';
import { isWithoutTime, type Job, type Session } from './measure/session.js';
import { counted } from './plural.js';

/**
 * Built in, familiar and of many families: convolutions of every kind, dense and shared inputs,
 * depthwise ones, concats, gates; small ones where launches decide, large ones where work does.
 * The first are the most different, so that a short time limit keeps a useful set.
 */
export const CALIBRATION_NETWORKS = [
  ...['resnet18', 'mobilenet_v2', 'densenet121', 'vovnet27_slim', 'squeezenet1_1', 'darknet19', 'resnet56'],
  ...['shufflenet_v2_x1_0', 'resnext50_32x4d', 'peleenet', 'ese_vovnet19b_dw', 'densenet40_k12', 'resnet50'],
  ...['mobilenet_v1', 'seresnet50', 'shufflenet_v2_x2_0', 'V-19-slim-eSE', 'densenet67', 'vgg11_bn', 'resnet34'],
  ...['vovnet39', 'densenet_bc100_k12'],
] as const;

/** Names without those that are in the set already. */
export const calibrationNames = (extra: readonly string[]): readonly string[] => [
  ...CALIBRATION_NETWORKS,
  ...extra.filter((name) => !(CALIBRATION_NETWORKS as readonly string[]).includes(name)),
];

export interface TimedNetworks {
  readonly runs: readonly Run[];
  readonly timings: readonly Timing[];
}

/** What is told while networks are timed. */
export interface TimingListener {
  timed?(job: Job, place: number, run: Run): void;
  /** The device gave no time that can be trusted, or one of another precision. */
  failed?(job: Job, place: number, error: Error): void;
  /** The time is over, and so many networks are left. */
  stopped?(left: number): void;
}

/**
 * Times networks one after the other; none is begun after the limit.
 * @param seconds from the first network on
 * @throws what is no failure of one network alone
 */
export async function timeNetworks(
  jobs: readonly Job[],
  session: Pick<Session, 'demandFits' | 'measure'>,
  seconds: number,
  listener: TimingListener = {},
): Promise<TimedNetworks> {
  const [runs, timings]: [Run[], Timing[]] = [[], []];
  const end = Date.now() + 1e3 * seconds;
  for (const [i, job] of jobs.entries()) {
    if (Date.now() > end) {
      listener.stopped?.(jobs.length - i);
      break;
    }
    try {
      session.demandFits(job);
      const run = await session.measure(job);
      const [first = run] = runs;
      if (run.precision !== first.precision) {
        const why = `it ran in ${run.precision}, and a record is of one precision: the others ran in ${first.precision}`;
        listener.failed?.(job, i, new Error(why));
        continue;
      }
      runs.push(run);
      const { graph, counted } = job;
      timings.push({ graph, counted, family: familyOf(counted.model), milliseconds: run.times.median });
      listener.timed?.(job, i, run);
    } catch (error) {
      if (!isWithoutTime(error)) throw error;
      listener.failed?.(job, i, error);
    }
  }
  return { runs, timings };
}

/**
 * The record of the device that the networks ran on.
 * @param mode how networks were run; by default, as the runs say it
 * @throws InputError for too few networks
 */
export function calibratedDevice({ runs, timings }: TimedNetworks, name: string, mode?: ModeName): Device {
  const [run] = runs;
  if (run === undefined || timings.length < LEAST_TIMED)
    throw new InputError(
      `only ${counted(timings.length, 'network')} could be timed, and a record needs ${LEAST_TIMED}: give more --minutes, or another --engine`,
    );
  return calibrate(timings, mode === undefined ? MODES_OF_RUN[run.mode] : [mode], {
    name,
    title: runLabel(run),
    kind: run.device.kind,
    precision: run.precision,
    bytesPerElement: run.bytesPerElement,
    source: `flopscope ${run.flopscope}, ${run.engine}, ${run.measuredAt.slice(0, 10)}`,
  });
}
