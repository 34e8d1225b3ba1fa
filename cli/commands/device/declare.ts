// Arguments and flags of flopscope device: list, calibrate, guess.

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { MODE_NAMES } from '../../../src/devices/modes.js';
import type { CalibrateOptions } from './calibrate.js';
import type { ListOptions } from './list.js';
import type { GuessOptions } from './guess.js';
import type { Screen } from '../../screen.js';
import { givenFlags } from '../../flags/givenFlags.js';
import { measureOptions } from '../../flags/measureOptions.js';
import { bytesOption, formatOption, MODEL, wholeNumber } from '../../flags/options.js';

const EXAMPLES = '\nExample:\n  flopscope device list\n  flopscope device list my-device.json';

export function declareDevice(root: Command, screen: Screen): void {
  const device = root
    .command('device')
    .description('the device records that flopscope predict uses: list them, or make one')
    .addHelpText('after', EXAMPLES);
  device
    .command('list', { isDefault: true })
    .description('the device records that are built in, and those of files that you name')
    .argument('[records...]', 'files that flopscope device calibrate or guess wrote')
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (records: string[], options: ListOptions) =>
      (await import('./list.js')).listDevices(records, options, screen),
    );
  declareCalibrate(device, screen);
  device
    .command('guess')
    .description('a record from the datasheet of a GPU: peak FLOP/s and bandwidth, labelled as a guess')
    .argument('<name>', 'the name for --device')
    .addOption(
      new Option('--peak-tflops <n>', 'dense fp16 TFLOP/s of the tensor cores with fp32 sums')
        .argParser(positive)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--bandwidth <GB/s>', 'bandwidth of its memory, in GB/s').argParser(positive).makeOptionMandatory(),
    )
    .addOption(
      new Option('--mode <mode>', 'how networks run on it')
        .choices(['eager', 'eager-nhwc', 'compiled'])
        .default('eager'),
    )
    .addOption(new Option('-o, --output <file.json>', 'write the record here').makeOptionMandatory())
    .addHelpText(
      'after',
      '\nExample:\n  flopscope device guess rtx-5090 --peak-tflops 210 --bandwidth 1792 -o rtx-5090.json',
    )
    .action(async (name: string, options: GuessOptions) =>
      (await import('./guess.js')).guessDevice(name, options, screen),
    );
}

function declareCalibrate(device: Command, screen: Screen): void {
  const command = device
    .command('calibrate')
    .description('a record of this machine, from timing small networks, or of another one, from a file of times')
    .addArgument(new Argument('[models...]', `further models to time or to find in --times: ${MODEL}`))
    .addOption(new Option('-o, --output <file.json>', 'write the record here').makeOptionMandatory())
    .addOption(new Option('--name <name>', 'the name for --device (default: the name of the file)'))
    .addOption(
      new Option(
        '--times <times.csv>',
        'times that were taken elsewhere: columns model and time in ms, or a results file of timm',
      ),
    )
    .addOption(new Option('--title <text>', 'the device that the times of --times were taken on, in words'))
    .addOption(
      new Option(
        '--mode <mode>',
        'how the networks were run (default with --times: the mode that predicts best)',
      ).choices(MODE_NAMES),
    )
    .addOption(
      new Option(
        '--times-precision <name>',
        'precision of --times (default: amp or fp32, as the name of the file says)',
      ),
    )
    .addOption(new Option('--skip-unknown', 'leave out the rows of --times whose model is not known').default(false))
    .addOption(bytesOption())
    .addOption(
      new Option('--minutes <n>', 'start no further network after so many minutes').default(8).argParser(wholeNumber),
    )
    .addHelpText(
      'after',
      '\nExample:\n  flopscope device calibrate -o my-device.json --engine onnxruntime\n  flopscope device calibrate -o 4090.json --times benchmark-infer-amp-nchw-4090.csv --title "RTX 4090"',
    )
    .action(async (models: string[], flags: CalibrateOptions, called: Command) =>
      (await import('./calibrate.js')).calibrateDevice(models, { ...flags, given: givenFlags(called) }, screen),
    );
  for (const option of measureOptions()) {
    if (option.long === '--layers') continue;
    if (option.long === '--windows') option.default(3);
    if (option.long === '--min-window') option.default(0.3);
    command.addOption(option);
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e9)) throw new InvalidArgumentError('It must be a positive number.');
  return value;
}
