// flopscope redesign: which networks do the same work with less memory traffic?

import { join } from 'node:path';
import { redesignSheets } from '../../../reports/sheets/redesignSheets.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Totals } from '../../../src/profile.js';
import { adviceFor } from '../../../src/redesign/advice.js';
import { graphOf as graphOfDesign, itemsOf, type Design } from '../../../src/redesign/design.js';
import type { Price } from '../../../src/redesign/forms.js';
import { levelWords } from '../../../src/redesign/level.js';
import { recipes } from '../../../src/redesign/recipe.js';
import { spread, type Proposal, type Redesign } from '../../../src/redesign/result.js';
import { amountOf, mergedFront, noMisses, type Candidate, type Space } from '../../../src/redesign/search.js';
import { EVERYTHING, type Palette } from '../../../src/redesign/palette.js';
import { templateOf, type Template } from '../../../src/redesign/template.js';
import { printSheets, type Format } from '../../output/format.js';
import { makeFolder } from '../../output/makeFolder.js';
import { imageSize, modelNamed } from '../../input/model.js';
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
  readonly layers?: readonly number[];
  readonly keepChannels: boolean;
  readonly output?: string;
  readonly input?: string;
  readonly batch: number;
  readonly format: Format;
}

function paletteOf({ aggregation, bottleneck, groups, layers, keepChannels }: RedesignOptions): Palette {
  return {
    aggregations: EVERYTHING.aggregations.filter((one) => aggregation.includes(one)),
    partial: aggregation.includes('partial'),
    ...{ bottleneck, groups, layers: layers ?? null, channels: !keepChannels },
  };
}

export async function redesignCommand(name: string, options: RedesignOptions, screen: Screen): Promise<void> {
  const { budget, explained, output, reading, seed, format } = options;
  if ((budget === 'time') !== (explained !== undefined))
    throw new InputError('--budget time and --explained belong together: give both or neither');
  const model = await modelNamed(name);
  const graph = graphOf(model, options.batch, imageSize(options.input, model));
  const counted = profile(graph, { source: model.source });
  if (output !== undefined) await makeFolder(output, `-o ${output}`);

  const template = rebuildable(() => templateOf(graph));
  const time = explained === undefined ? null : await (await import('./timeModel.js')).timeModel(explained);
  const weights = time?.weights ?? { [budget]: 1 };
  const timed = time !== null;
  const amount = amountOf(weights, priceOf(counted.totals));
  const base = {
    ...({ schema: 'flopscope.redesign/1', model: counted.model, input: counted.input, budget, reading, seed } as const),
    original: counted.totals,
    originalMilliseconds: timed ? amount : null,
    timeModel: time?.words ?? null,
    advice: adviceFor(counted, graph),
  };
  if (typeof template === 'string') {
    const nothing = { priced: 0, misses: noMisses(), resolutions: [], recipes: [], front: [] };
    return show({ ...base, ...nothing, refused: template }, format, screen);
  }
  // A faster design with many times the multiply-adds is another network: time comes with that limit, too.
  const limits = [
    { weights, amount },
    ...(timed ? [{ weights: { multAdds: 1 }, amount: counted.totals.multAdds }] : []),
  ];
  const space: Space = {
    ...{ template, reading, seed, budget: { limits, slack: options.slack / 100 } },
    access: counted.totals.memoryAccess[reading],
    palette: paletteOf(options),
  };
  const { search } = await import('./search.js');
  const { front, priced, misses } = await search(space, options.candidates, options.threads, screen);

  const propose = async ({ design, price }: Candidate, file: string, about: string): Promise<Proposal> => ({
    ...{ name: file, about, levels: design, price: checked(template, design, price) },
    ratios: ratiosOf(price, counted.totals),
    milliseconds: timed ? amountOf(weights, price) : null,
    file:
      output === undefined
        ? null
        : await write(template, design, join(output, `${file}.yaml`), `${counted.model}, redesigned`, about),
  });
  const made = recipes(space);
  const tried: Proposal[] = [];
  for (const [i, recipe] of made.entries()) tried.push(await propose(recipe, `recipe-${i + 1}`, recipe.about));
  const shown: Proposal[] = [];
  const whole = mergedFront([made, front], reading).filter((one) => front.includes(one));
  for (const [i, one] of spread(whole, options.keep).entries())
    shown.push(await propose(one, `design-${i + 1}`, `found by search, seed ${seed}`));
  const resolutions = template.levels.map(({ height, width }) => [height, width] as const);
  await show({ ...base, priced, misses, resolutions, recipes: tried, front: shown, refused: null }, format, screen);
}

/** The template, or why there is none: advice can still be given. */
function rebuildable(make: () => Template): Template | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function show(result: Redesign, format: Format, screen: Screen): Promise<void> {
  // A program reads one table from csv: that of the designs.
  await printSheets(format, result, redesignSheets(result), screen);
}

const priceOf = ({ params, multAdds, flops, memoryAccess: { unfused, fused }, ops }: Totals): Price => ({
  ...{ params, multAdds, flops, unfused, fused, launches: ops },
});

function ratiosOf(price: Price, original: Totals): Proposal['ratios'] {
  const of = priceOf(original);
  const over = (key: keyof Price): number => price[key] / of[key];
  return {
    params: over('params'),
    multAdds: over('multAdds'),
    unfused: over('unfused'),
    fused: over('fused'),
    launches: over('launches'),
  };
}

/** A closed form is trusted only where it equals the counted network. */
function checked(template: Template, design: Design, price: Price): Price {
  const counted = priceOf(profile(graphOfDesign(template, design, template.name)).totals);
  for (const key of Object.keys(price) as (keyof Price)[])
    if (price[key] !== counted[key])
      throw new Error(
        `the closed form gives ${price[key]} ${key} for ${design.map(levelWords).join('; ')}, its graph has ${counted[key]}`,
      );
  return price;
}

async function write(template: Template, design: Design, path: string, title: string, about: string): Promise<string> {
  const { writeConfig } = await import('../../../src/exporters/config/writeConfig.js');
  const [, c, h, w] = template.input;
  const comment = [`${title}: ${about}.`, ...design.map((level, i) => `level${i + 1}: ${levelWords(level)}`)];
  await writeResult(
    path,
    writeConfig({
      name: title.replaceAll(/[^\w.-]+/g, '-'),
      input: [c, h, w],
      items: itemsOf(template, design),
      comment,
    }),
  );
  return path;
}
