// How is flopscope redesign called?

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { RedesignOptions } from '../commands/redesign.js';
import type { Screen } from '../screen.js';
import { batchOption, formatOption, inputOption, MODEL, wholeNumber } from './options.js';

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
    .addOption(new Option('--candidates <n>', 'designs to work out').default(200_000, '200000').argParser(wholeNumber))
    .addOption(
      new Option('--seed <n>', 'of the search: the same seed finds the same designs').default(1).argParser(wholeNumber),
    )
    .addOption(new Option('--threads <n>', 'worker threads (default: one for each processor)').argParser(wholeNumber))
    .addOption(new Option('--keep <n>', 'designs of the front to show and write').default(8).argParser(wholeNumber))
    .addOption(new Option('-o, --output <folder>', 'write each design as YAML that profile and measure take'))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope redesign densenet121 -o designs\n  flopscope redesign my-backbone.yaml --budget params --candidates 1000000\n  flopscope redesign resnet50 --budget time --explained explain.json',
    )
    .action(async (config: string, options: RedesignOptions) =>
      (await import('../commands/redesign.js')).redesignCommand(config, options, screen),
    );
}

function percent(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('It must be a percentage above 0, at most 100.');
  return value;
}
