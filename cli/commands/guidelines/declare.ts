// Arguments and flags of flopscope study guidelines.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { PAPER } from '../../../src/lab/experiment.js';
import type { GuidelineOptions } from './action.js';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import { demandNothingElse, labOptions } from '../../flags/labOptions.js';
import { EXPERIMENT, measureOption, measureOptions } from '../../flags/measureOptions.js';
import { wholeNumber } from '../../flags/options.js';
import { FORMATS } from '../../output/format.js';

/** Flags of measureOptions that have no meaning here, or another default. */
const OWN = ['--input', '--batch', '--layers'];

/** @param hidden as the old name, flopscope guidelines, which still answers */
export function declareGuidelines(parent: Command, screen: Screen, hidden = false): void {
  const command = parent
    .command('guidelines', { hidden })
    .description("ShuffleNetV2's four guidelines and VoVNet's two claims, counted and measured here")
    .addOption(
      new Option('--only <key,...>', 'some of G1, G2, G3, G4, split, bottleneck').argParser((text) => text.split(',')),
    )
    .addOption(measureOption())
    .addOption(new Option('--no-measure', 'what a study does without --measure').hideHelp())
    .addOption(new Option('--batch <n>', 'images per inference').default(PAPER.batch).argParser(wholeNumber))
    .addOption(new Option('--side <n>', 'height and width of the stacks').default(PAPER.side).argParser(wholeNumber))
    .addOption(new Option('--blocks <n>', 'blocks in a stack').default(PAPER.blocks).argParser(wholeNumber))
    .addOption(
      new Option('--widths <platform>', "channels of the paper's GPU or ARM columns")
        .choices(['gpu', 'arm'])
        .default(PAPER.widths),
    )
    .addOption(
      new Option('--scales <n,...>', 'channel multipliers')
        .default(PAPER.scales, PAPER.scales.join(','))
        .argParser((text) => {
          const scales = text.split(',').map(wholeNumber);
          if (new Set(scales).size < scales.length) throw new InvalidArgumentError('Each scale only once.');
          return scales;
        }),
    )
    .addOption(
      new Option('--squeeze <n>', "Table 4: the unit's channels over those of its 3x3")
        .default(PAPER.squeeze)
        .argParser(wholeNumber),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('table'))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope study guidelines --only G1,G4\n  flopscope study guidelines --measure --engine wasm\n  flopscope study guidelines --measure --batch 8 -o guidelines.html --charts charts\n  flopscope study guidelines --from their-gpu.json -o guidelines.html',
    )
    .action(async (flags: GuidelineOptions, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      if (options.from !== undefined) demandNothingElse(options.given);
      await (await import('./action.js')).guidelinesCommand(options, screen);
    });
  for (const option of labOptions()) command.addOption(option);
  for (const option of measureOptions(EXPERIMENT)) if (!OWN.includes(option.long!)) command.addOption(option);
}
