// flopscope device calibrate: a device record from timing small networks here, or from given times.

import { basename } from 'node:path';
import { percent } from '../../../reports/text/number.js';
import { deviceSheet } from '../../../reports/sheets/deviceSheet.js';
import { calibrate, type Labels } from '../../../src/devices/calibrate.js';
import type { Device } from '../../../src/devices/device.js';
import { MODE_NAMES, type ModeName } from '../../../src/devices/modes.js';
import type { Job } from '../../../src/measure/session.js';
import { readDevice } from '../../../src/records/device/readDevice.js';
import { refuseWithoutEffect, type Given } from '../../flags/givenFlags.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { bytesOfName, modeOfName, precisionOfName } from '../../../src/records/times/namedPrecision.js';
import { imageSize } from '../../input/model.js';
import { timesIn } from '../../input/times.js';
import type { MeasureFlags } from '../../measuring/measureModels.js';
import { print } from '../../output/format.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';
import type { Screen } from '../../screen.js';

/** Half of the networks are further off: the worst of the built-in records is at 0.13. */
const FAR_OFF = 0.25;

export interface CalibrateOptions extends MeasureFlags {
  readonly output: string;
  readonly name?: string;
  readonly times?: string;
  readonly title?: string;
  readonly mode?: ModeName;
  readonly timesPrecision?: string;
  readonly skipUnknown: boolean;
  readonly bytesPerElement?: number;
  readonly minutes: number;
  readonly given: Given;
}

export async function calibrateDevice(
  models: readonly string[],
  options: CalibrateOptions,
  screen: Screen,
): Promise<void> {
  const { output, times } = options;
  refuseWithoutEffect(options.given, [
    [times !== undefined, [...RUN_FLAGS, '--minutes'], 'on times that were taken elsewhere: leave it out'],
    [times === undefined, ['--skip-unknown', '--title', '--times-precision', '--bytes-per-element'], 'without --times'],
  ]);
  await checkWritable(output);
  const device =
    times === undefined ? await timedHere(models, options, screen) : await given(times, models, options, screen);
  const text = `${JSON.stringify(device, null, 2)}\n`;
  readDevice(text, output);
  await writeResult(output, text);
  await print('table', device, () => deviceSheet([device]), screen);
  const { median } = device.error;
  if (median > FAR_OFF)
    screen.err(
      `${device.name} is ${percent(median, 1)} off on networks that were not in its fit, so it says little: add times of more networks and of other kinds\n`,
    );
  screen.err(`${output}: written; use it with flopscope predict --device ${output}\n`);
}

const nameOf = ({ name, output }: CalibrateOptions): string =>
  name ??
  (basename(output)
    .replace(/\.json$/i, '')
    .replaceAll(/[^\w.+-]+/g, '-')
    .slice(0, 60) ||
    'device');

async function given(
  times: string,
  models: readonly string[],
  options: CalibrateOptions,
  screen: Screen,
): Promise<Device> {
  const timings = await timesIn(times, models, options, screen);
  const precision = options.timesPrecision ?? precisionOfName(basename(times)) ?? 'fp32';
  const labels: Labels = {
    name: nameOf(options),
    title: options.title ?? `the device of ${basename(times)}`,
    precision,
    bytesPerElement: options.bytesPerElement ?? bytesOfName(precision) ?? 4,
    source: basename(times),
  };
  const mode = options.mode ?? modeOfName(basename(times));
  const modes = mode === undefined ? MODE_NAMES : [mode];
  return calibrate(timings, modes, labels);
}

async function timedHere(models: readonly string[], options: CalibrateOptions, screen: Screen): Promise<Device> {
  const [{ calibratedDevice, calibrationNames, timeNetworks }, { runnableModel }, { jobOf }, { withSession }] =
    await Promise.all([
      import('../../../src/calibration.js'),
      import('../../../src/files/runnableModel.js'),
      import('../../../src/measure/job.js'),
      import('../../measuring/session.js'),
    ]);
  const jobs: Job[] = [];
  for (const name of calibrationNames(models)) {
    const { model, onlyFile } = await runnableModel(name);
    for (const n of options.batch) jobs.push(jobOf(model, n, imageSize(options.input, model), onlyFile));
  }
  const told = ({ counted: { model, input } }: Job, place: number): string =>
    `${place + 1} of ${jobs.length}: ${model}, batch ${input.n}`;
  const plain = { ...options, layers: false, ceilings: false };
  const timed = await withSession(plain, screen, jobs.length, (session) =>
    timeNetworks(jobs, session, 60 * options.minutes, {
      timed: (job, place, { times }) => {
        screen.err(`${told(job, place)}: ${times.median.toPrecision(3)} ms\n`);
      },
      failed: (job, place, { message }) => {
        screen.err(`${told(job, place)}: left out (${message})\n`);
      },
      stopped: (left) => {
        screen.err(`${left} networks were not timed: ${options.minutes} minutes are over (--minutes)\n`);
      },
    }),
  );
  return calibratedDevice(timed, nameOf(options), options.mode);
}
