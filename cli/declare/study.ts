// How is flopscope study called?

import { Argument, Option, type Command } from 'commander';
import type { Screen } from '../screen.js';
import type { StudyOptions } from '../studyOptions.js';
import { measureOptions } from './measureOptions.js';
import { formatOption, wholeNumber } from './options.js';

/** Flags of measureOptions that have no meaning here, or another default. */
const OWN = ['--input', '--batch', '--layers'];

export function declareStudy(root: Command, screen: Screen): void {
  const command = root
    .command('study')
    .description("a paper's experiment, counted beside what it printed, and measured here if you like")
    .addArgument(new Argument('<study>', "vovnet-tables: VoVNet's Tables 2, 3, 4 and 7 and vovnet-detectron2's README"))
    .addOption(
      new Option('--only <table,...>', 'some of 2, 3, 4, 7, readme').argParser((text) => text.toLowerCase().split(',')),
    )
    .addOption(new Option('--measure', 'run the networks too, with the flags of flopscope measure').default(false))
    .addOption(new Option('--batch <n>', 'images per inference').default(1).argParser(wholeNumber))
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope study vovnet-tables\n  flopscope study vovnet-tables --only 4 --measure --engine webgpu',
    )
    .action(async (study: string, options: StudyOptions) =>
      (await import('../commands/study.js')).studyCommand(study, options, screen),
    );
  for (const option of measureOptions()) if (!OWN.includes(option.long!)) command.addOption(option);
}
