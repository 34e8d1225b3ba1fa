// Times a fixed set of small networks on an engine within a time limit, with progress.

import { familyOf } from '../../../src/builtIn.js';
import type { Timing } from '../../../src/devices/calibrate.js';
import { runnableModel } from '../../../src/files/runnableModel.js';
import { jobOf } from '../../../src/measure/job.js';
import type { Run } from '../../../src/measure/run.js';
import { isWithoutTime, type Job } from '../../../src/measure/session.js';
import { imageSize } from '../../input/model.js';
import { withSession } from '../../measuring/session.js';
import type { MeasureFlags } from '../../measuring/measureModels.js';
import type { Screen } from '../../screen.js';

/**
 * Built in, familiar and of many families: convolutions of every kind, dense and shared inputs,
 * depthwise ones, concats, gates; small ones where launches decide, large ones where work does.
 * The first are the most different, so that a short time limit keeps a useful set.
 */
const NETWORKS = [
  ...['resnet18', 'mobilenet_v2', 'densenet121', 'vovnet27_slim', 'squeezenet1_1', 'darknet19', 'resnet56'],
  ...['shufflenet_v2_x1_0', 'resnext50_32x4d', 'peleenet', 'ese_vovnet19b_dw', 'densenet40_k12', 'resnet50'],
  ...['mobilenet_v1', 'seresnet50', 'shufflenet_v2_x2_0', 'V-19-slim-eSE', 'densenet67', 'vgg11_bn', 'resnet34'],
  ...['vovnet39', 'densenet_bc100_k12'],
] as const;

export interface MeasuredNetworks {
  readonly runs: readonly Run[];
  readonly timings: readonly Timing[];
}

/** @param extra models that are timed after the chosen ones */
export async function measureNetworks(
  extra: readonly string[],
  flags: MeasureFlags & { readonly minutes: number },
  screen: Screen,
): Promise<MeasuredNetworks> {
  const names = [...NETWORKS, ...extra.filter((name) => !(NETWORKS as readonly string[]).includes(name))];
  const jobs: Job[] = [];
  for (const name of names) {
    const { model, onlyFile } = await runnableModel(name);
    for (const n of flags.batch) jobs.push(jobOf(model, n, imageSize(flags.input, model), onlyFile));
  }
  const runs: Run[] = [];
  const timings: Timing[] = [];
  const end = Date.now() + 60e3 * flags.minutes;
  await withSession({ ...flags, layers: false, ceilings: false }, screen, jobs.length, async (session) => {
    for (const [i, job] of jobs.entries()) {
      const { model, input } = job.counted;
      const place = `${i + 1} of ${jobs.length}: ${model}, batch ${input.n}`;
      if (Date.now() > end) {
        screen.err(`${jobs.length - i} networks were not timed: ${flags.minutes} minutes are over (--minutes)\n`);
        return;
      }
      try {
        session.demandFits(job);
        const run = await session.measure(job);
        runs.push(run);
        timings.push({
          graph: job.graph,
          counted: job.counted,
          family: familyOf(model),
          milliseconds: run.times.median,
        });
        screen.err(`${place}: ${run.times.median.toPrecision(3)} ms\n`);
      } catch (error) {
        if (!isWithoutTime(error)) throw error;
        screen.err(`${place}: no time (${error.message})\n`);
      }
    }
  });
  return { runs, timings };
}
