// Collects the times to explain: from run files, from a CSV, or by measuring.

import { basename } from 'node:path';
import { MODES_OF_RUN, type ModeName } from '../../../src/devices/modes.js';
import { sampleOf } from '../../../src/explain/sample.js';
import { samplesOfRuns, type Samples } from '../../../src/explain/samples.js';
import { readRunFiles } from '../../../src/files/runFiles.js';
import { modeOfName } from '../../../src/records/times/namedPrecision.js';
import { namedModels } from '../../../src/files/timedModels.js';
import { timesIn } from '../../input/times.js';
import { measureModels, type MeasureFlags } from '../../measuring/measureModels.js';
import type { Screen } from '../../screen.js';

export interface SampleFlags extends MeasureFlags {
  readonly runs?: readonly string[];
  readonly times?: string;
  readonly timesDevice?: string;
  readonly skipUnknown: boolean;
}

export interface LikelySamples extends Samples {
  /** The modes in which they ran; undefined where nothing is known. */
  readonly likely: readonly ModeName[] | undefined;
}

/** @param names with --runs and --times: files of models that these name; else what to measure */
export async function sampleSources(
  names: readonly string[],
  flags: SampleFlags,
  screen: Screen,
): Promise<LikelySamples> {
  if (flags.times !== undefined) {
    const timed = await timesIn(flags.times, names, flags, screen);
    const samples = timed.map(({ graph, milliseconds, family }) => sampleOf(graph, milliseconds, family));
    const mode = modeOfName(basename(flags.times));
    return { samples, device: flags.timesDevice ?? null, likely: mode && [mode] };
  }
  const measured = flags.runs === undefined;
  const runs = measured ? await measureModels(names, flags, screen) : await readRunFiles(flags.runs);
  const { samples, device } = samplesOfRuns(runs, await namedModels(names));
  return { samples, device: flags.timesDevice ?? device, likely: runs[0] && MODES_OF_RUN[runs[0].mode] };
}
