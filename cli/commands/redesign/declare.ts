// Arguments and flags of flopscope redesign.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { RedesignOptions } from './action.js';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import { addRenamed } from '../../flags/renamed.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, formatOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declareRedesign(root: Command, screen: Screen): void {
  const command = root
    .command('redesign')
    .description(
      'networks of the same budget with less memory access: a search over widths, depths, aggregation, bottlenecks and groups',
    )
    .addArgument(new Argument('[model]', MODEL))
    .addOption(
      new Option('--budget <what>', 'the cost that stays equal; time needs --explained')
        .choices(['multAdds', 'params', 'time'])
        .default('multAdds'),
    )
    .addOption(
      new Option(
        '--explained <explain.json>',
        'the device of --budget time: a file that flopscope explain -o explain.json wrote',
      ),
    )
    .addOption(
      new Option('--slack <percent>', 'how far below the budget a design may stay, in percent')
        .default(3)
        .argParser(percent),
    )
    .addOption(
      new Option('--reading <reading>', 'the reading of memory access to reduce')
        .choices(['unfused', 'fused'])
        .default('unfused'),
    )
    .addOption(
      new Option(
        '--aggregation <what,...>',
        'what a level may be: some of dense, osa, partial (half of the channels skip)',
      )
        .default(['dense', 'osa', 'partial'], 'dense,osa,partial')
        .argParser(aggregations),
    )
    .addOption(new Option('--no-bottleneck', 'no 1x1 convolution before a 3x3'))
    .addOption(
      new Option('--groups <n,...>', 'groups that a 3x3 convolution may have: some of 1, 2, 4, 8')
        .default([1, 2, 4], '1,2,4')
        .argParser((text) => [...new Set(text.split(',').map(groups))]),
    )
    .addOption(
      new Option(
        '--keep-channels',
        "every level puts out the original's channels, to multiples of 16, so that a detector still fits",
      ).default(false),
    )
    .addOption(
      new Option('--candidates <n>', 'how many designs are worked out')
        .default(200_000, '200000')
        .argParser(wholeNumber),
    )
    .addOption(
      new Option('--seed <n>', 'seed of the search: the same seed finds the same designs')
        .default(1)
        .argParser(wholeNumber),
    )
    .addOption(new Option('--threads <n>', 'worker threads (default: one for each processor)').argParser(wholeNumber))
    .addOption(
      new Option('--keep <n>', 'how many designs of the front are shown and written').default(8).argParser(wholeNumber),
    )
    .addOption(new Option('-o, --output <folder>', 'write each design as a config file, which every command reads'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(allowUnknownOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope redesign densenet121 -o designs\n  flopscope redesign my-backbone.yaml --budget params --candidates 1000000\n  flopscope redesign resnet50 --budget time --explained explain.json\n  flopscope redesign vovnet39 --aggregation osa --no-bottleneck --groups 1 --keep-channels',
    )
    .action(async (model: string | undefined, options: RedesignOptions & DetectorFlags) =>
      (await import('./action.js')).redesignCommand(nameWith(model, options), options, screen),
    );
  const depths = new Option(
    '--depths <n,...>',
    'how many layers a level may have (default: from 3 to somewhat more than the original)',
  ).argParser((text) => [...new Set(text.split(',').map(layers))]);
  addRenamed(command, depths, '--layers <n,...>');
  addDetectorOptions(command);
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
