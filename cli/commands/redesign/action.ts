// flopscope redesign: finds networks that do the same work with less memory access.

import { join } from 'node:path';
import { redesignSheets } from '../../../reports/sheets/redesignSheets.js';
import { withFindings } from '../../../src/diagnosis/advised.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { readText } from '../../../src/files/readText.js';
import { pathName } from '../../../src/files/standardInput.js';
import { redesign, type ProposedConfig } from '../../../src/redesign/redesign.js';
import type { Proposal, Redesign } from '../../../src/redesign/result.js';
import { EVERYTHING, type Palette } from '../../../src/redesign/palette.js';
import { printSheets, type Format } from '../../output/format.js';
import { progressBar } from '../../output/progressBar.js';
import { makeFolder } from '../../output/makeFolder.js';
import { imageSize, modelNamed } from '../../input/model.js';
import { warnOfLowerBound } from '../../output/warnOfLowerBound.js';
import type { Screen } from '../../screen.js';
import { writeResult } from '../../output/writeResult.js';

export interface RedesignOptions {
  readonly budget: 'multAdds' | 'params' | 'time';
  readonly explained?: string;
  readonly slack: number;
  readonly reading: 'unfused' | 'fused';
  readonly candidates: number;
  readonly seed: number;
  readonly threads?: number;
  readonly keep: number;
  readonly aggregation: readonly ('dense' | 'osa' | 'partial')[];
  readonly bottleneck: boolean;
  readonly groups: readonly number[];
  /** Layers that a level may have. */
  readonly depths?: readonly number[];
  readonly keepChannels: boolean;
  readonly output?: string;
  readonly input?: string;
  readonly batch: number;
  readonly allowUnknown: boolean;
  readonly format: Format;
}

function paletteOf({ aggregation, bottleneck, groups, depths, keepChannels }: RedesignOptions): Palette {
  return {
    aggregations: EVERYTHING.aggregations.filter((one) => aggregation.includes(one)),
    partial: aggregation.includes('partial'),
    ...{ bottleneck, groups, layers: depths ?? null, channels: !keepChannels },
  };
}

export async function redesignCommand(name: string, options: RedesignOptions, screen: Screen): Promise<void> {
  const { budget, explained, output, slack, reading, seed, keep, format } = options;
  if ((budget === 'time') !== (explained !== undefined))
    throw new InputError('--budget time and --explained belong together: give both or neither');
  const model = await modelNamed(name, options);
  const graph = graphOf(model, options.batch, imageSize(options.input, model));
  warnOfLowerBound(model, graph, screen);
  const counted = profile(graph, { source: model.source });
  if (output !== undefined && /\.(ya?ml|json|csv|html|md)$/i.test(output))
    throw new InputError(`-o ${output}: redesign writes a file for each design: name a folder`);
  if (output !== undefined) await makeFolder(output, `-o ${output}`);
  const time =
    explained === undefined
      ? undefined
      : (await import('../../../src/redesign/timeModel.js')).readTimeModel(
          await readText(explained),
          pathName(explained),
        );
  const settings = { budget, slack, reading, seed, keep, palette: paletteOf(options), ...(time ? { time } : {}) };
  const { searchInThreads } = await import('../../../src/redesign/searchInThreads.js');
  const { result, configs } = await redesign(graph, counted, settings, async (space) => {
    const bar = await progressBar(1, screen);
    const part = bar.part('searching');
    const { candidates, threads } = options;
    try {
      return await searchInThreads(space, {
        candidates,
        ...(threads === undefined ? {} : { threads }),
        progress: (done, all) => {
          part('designs', done, all);
        },
      });
    } finally {
      bar.stop();
    }
  });
  const shown = withFindings(output === undefined ? result : await written(result, configs, output), graph, counted);
  // A program reads one table from csv: that of the designs.
  await printSheets(format, shown, redesignSheets(shown), screen);
}

/** The same, with a config file for each proposal. */
async function written(
  result: Redesign,
  configs: ReadonlyMap<string, ProposedConfig>,
  folder: string,
): Promise<Redesign> {
  const { writeConfig } = await import('../../../src/exporters/config/writeConfig.js');
  const title = `${result.model}, redesigned`;
  const withFile = async (proposal: Proposal): Promise<Proposal> => {
    const { items, about, levels, input } = configs.get(proposal.name)!;
    const file = join(folder, `${proposal.name}.yaml`);
    const comment = [`${title}: ${about}.`, ...levels];
    await writeResult(file, writeConfig({ name: title.replaceAll(/[^\w.-]+/g, '-'), input, items, comment }));
    return { ...proposal, file };
  };
  const all = async (proposals: readonly Proposal[]): Promise<readonly Proposal[]> => {
    const done: Proposal[] = [];
    for (const proposal of proposals) done.push(await withFile(proposal));
    return done;
  };
  return { ...result, recipes: await all(result.recipes), front: await all(result.front) };
}
