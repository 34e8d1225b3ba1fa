// Arguments and flags of flopscope convert.

import { Argument, Option, type Command } from 'commander';
import { PARTS } from '../../../src/exporters/diagram/part.js';
import type { ConvertOptions } from './action.js';
import { KIND_NAMES } from './kinds.js';
import { nameWith, type DetectorFlags } from '../../flags/detectorFlags.js';
import { addDetectorOptions } from '../../flags/detectorOptions.js';
import type { Screen } from '../../screen.js';
import { allowUnknownOption, batchOption, inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declareConvert(root: Command, screen: Screen): void {
  const command = root
    .command('convert')
    .description('a model as ONNX with seeded weights, as a Graphviz or Mermaid picture, or as a graph in JSON')
    .addArgument(new Argument('[model]', MODEL))
    .addOption(
      new Option('-o, --output <file>', 'the file to write; its ending says the kind: .onnx .dot .gv .mmd .json'),
    )
    .addOption(new Option('--to <kind>', 'the kind, whatever the ending; without -o it is printed').choices(KIND_NAMES))
    .addOption(inputOption())
    .addOption(batchOption())
    .addOption(allowUnknownOption())
    .addOption(new Option('--dynamic-batch', 'ONNX: leave the batch open'))
    .addOption(
      new Option('--seed <n>', 'ONNX: seed of the weights, as in flopscope measure (default: 1)').argParser(
        wholeNumber,
      ),
    )
    .addOption(new Option('--external', 'ONNX: write the weights to a second file, FILE.data, which may pass 2 GB'))
    .addOption(new Option('--no-weights', 'ONNX: write the structure alone; its weights are inputs of the graph'))
    .addOption(new Option('--by <part>', 'pictures: one box for each (default: block)').choices(PARTS))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope convert resnet50 -o resnet50.onnx\n  flopscope convert my-net.yaml --batch 8 --no-weights -o my-net.onnx\n  flopscope convert densenet121 --to mermaid --by stage',
    )
    .action(async (model: string | undefined, options: ConvertOptions & DetectorFlags) =>
      (await import('./action.js')).convertCommand(nameWith(model, options), options, screen),
    );
  addDetectorOptions(command);
}
