// Arguments and flags of flopscope redesign.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { RedesignOptions } from './action.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declareRedesign(root: Command, screen: Screen): void {
  root
    .command('redesign')
    .description(
      'the same budget with less memory traffic: a search over widths, depth, aggregation, bottlenecks and groups',
    )
    .addArgument(new Argument('<config>', MODEL))
    .addOption(
      new Option('--budget <what>', 'what a design may use as much of as the original: time needs --explained')
        .choices(['multAdds', 'params', 'time'])
        .default('multAdds'),
    )
    .addOption(
      new Option(
        '--explained <explain.json>',
        'a device for --budget time: what flopscope explain --format json printed',
      ),
    )
    .addOption(
      new Option('--slack <percent>', 'how far below the budget a design may stay').default(3).argParser(percent),
    )
    .addOption(
      new Option('--reading <reading>', 'memory access to make small').choices(['unfused', 'fused']).default('unfused'),
    )
    .addOption(
      new Option(
        '--aggregation <what,...>',
        'what a level may be: some of dense, osa, partial (half of the channels skip)',
      )
        .default(['dense', 'osa', 'partial'], 'dense,osa,partial')
        .argParser(aggregations),
    )
    .addOption(
      new Option(
        '--layers <n,...>',
        'layers that a level may have (default: from 3 to somewhat more than the original)',
      ).argParser((text) => [...new Set(text.split(',').map(layers))]),
    )
    .addOption(new Option('--no-bottleneck', 'no 1x1 before a 3x3'))
    .addOption(
      new Option('--groups <n,...>', 'groups that the 3x3 may have: some of 1, 2, 4, 8')
        .default([1, 2, 4], '1,2,4')
        .argParser((text) => [...new Set(text.split(',').map(groups))]),
    )
    .addOption(
      new Option(
        '--keep-channels',
        "levels put out the original's channels, to multiples of 16: a detector still fits",
      ).default(false),
    )
    .addOption(new Option('--candidates <n>', 'designs to work out').default(200_000, '200000').argParser(wholeNumber))
    .addOption(
      new Option('--seed <n>', 'of the search: the same seed finds the same designs').default(1).argParser(wholeNumber),
    )
    .addOption(new Option('--threads <n>', 'worker threads (default: one for each processor)').argParser(wholeNumber))
    .addOption(new Option('--keep <n>', 'designs of the front to show and write').default(8).argParser(wholeNumber))
    .addOption(new Option('-o, --output <folder>', 'write each design as YAML that profile and measure take'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope redesign densenet121 -o designs\n  flopscope redesign my-backbone.yaml --budget params --candidates 1000000\n  flopscope redesign resnet50 --budget time --explained explain.json\n  flopscope redesign vovnet39 --aggregation osa --no-bottleneck --groups 1 --keep-channels',
    )
    .action(async (config: string, options: RedesignOptions) =>
      (await import('./action.js')).redesignCommand(config, options, screen),
    );
}

function percent(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('It must be a percentage above 0, at most 100.');
  return value;
}

const AGGREGATIONS = ['dense', 'osa', 'partial'] as const;

function aggregations(text: string): RedesignOptions['aggregation'] {
  const given = [...new Set(text.split(',').map((one) => one.trim().toLowerCase()))];
  const known = AGGREGATIONS.filter((one) => given.includes(one));
  if (known.length < given.length) throw new InvalidArgumentError(`Each must be one of ${AGGREGATIONS.join(', ')}.`);
  if (!known.some((one) => one !== 'partial'))
    throw new InvalidArgumentError('It must hold dense or osa: partial says that half of their channels may skip.');
  return known;
}

function layers(text: string): number {
  const value = wholeNumber(text);
  if (value > 64) throw new InvalidArgumentError('Each must be at most 64.');
  return value;
}

function groups(text: string): number {
  const value = Number(text);
  if (![1, 2, 4, 8].includes(value)) throw new InvalidArgumentError('Each must be one of 1, 2, 4, 8.');
  return value;
}
