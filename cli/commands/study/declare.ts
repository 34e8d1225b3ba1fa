// Arguments and flags of flopscope study.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { givenFlags } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';
import { demandNothingElse, labOptions } from '../../flags/labOptions.js';
import { EXPERIMENT, measureOption, measureOptions } from '../../flags/measureOptions.js';
import { formatOption, wholeNumber } from '../../flags/options.js';

/** Flags of measureOptions that have no meaning here, or another default. */
const OWN = ['--input', '--batch', '--layers'];

/** The studies in the help text. */
const STUDIES = [
  "vovnet-tables: VoVNet's Tables 2, 3, 4 and 7 and the READMEs of vovnet-detectron2 and centermask2",
  'memory: what dense blocks and OSA modules of equal parameters keep for backward as they get deeper',
  "guidelines: ShuffleNetV2's four guidelines and VoVNet's two claims, with flags of their own (flopscope study guidelines --help)",
  'osa: one-shot against dense aggregation at equal cost (VoVNet, section 3.2)',
];

/** Output strides at which DenseNet-121 has a dense block. */
const STRIDES = [4, 8, 16, 32];

export function declareStudy(root: Command, screen: Screen): Command {
  const command = root
    .command('study')
    .description("a paper's experiment: counts and times from here beside the printed ones")
    .addArgument(new Argument('<study>', STUDIES.join('\n')))
    .addOption(
      new Option(
        '--only <part,...>',
        'vovnet-tables: some of 2, 3, 4, 7, readme, centermask2; osa: networks, stages',
      ).argParser((text) => text.toLowerCase().split(',')),
    )
    .addOption(measureOption())
    .addOption(new Option('--no-measure', 'what a study does without --measure').hideHelp())
    .addOption(new Option('--batch <n>', 'images per inference').default(1).argParser(wholeNumber))
    .addOption(
      new Option('--image <HxW>', 'osa: the image that the stages are part of (default: 800x1280)').argParser(sides),
    )
    .addOption(
      new Option(
        '--strides <n,...>',
        "osa: of the stages to the image, some of 4, 8, 16, 32, DenseNet-121's dense blocks (default: 8,16)",
      ).argParser((text) => [...new Set(text.split(',').map(stride))]),
    )
    .addOption(
      new Option('--osa-layers <n>', "osa: 3x3 layers of the OSA stage (default: VoVNet's 5)").argParser(wholeNumber),
    )
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope study vovnet-tables\n  flopscope study guidelines\n  flopscope study vovnet-tables --only 4 --measure --engine webgpu\n  flopscope study osa\n  flopscope study memory --batch 2 --charts charts\n  flopscope study osa --only stages --image 512x512 --measure --engine webgpu -o osa.html',
    )
    .action(async (study: string, flags: StudyOptions, called: Command) => {
      const options = { ...flags, given: givenFlags(called) };
      if (options.from !== undefined) demandNothingElse(options.given);
      await (await import('./action.js')).studyCommand(study, options, screen);
    });
  for (const option of labOptions()) command.addOption(option);
  for (const option of measureOptions(EXPERIMENT)) if (!OWN.includes(option.long!)) command.addOption(option);
  return command;
}

function sides(text: string): readonly [number, number] {
  const parts = text.split('x').map(Number);
  const [height, width] = parts;
  if (parts.length !== 2 || !parts.every((side) => Number.isSafeInteger(side) && side >= 32 && side <= 8192))
    throw new InvalidArgumentError('It must be a height and a width from 32 to 8192, e.g. 512x512.');
  return [height!, width!];
}

function stride(text: string): number {
  const value = Number(text);
  if (!STRIDES.includes(value)) throw new InvalidArgumentError(`Each must be one of ${STRIDES.join(', ')}.`);
  return value;
}
