// Arguments and flags of flopscope convert.

import { Argument, Option, type Command } from 'commander';
import { PARTS } from '../../../src/exporters/diagram/part.js';
import type { ConvertOptions } from './action.js';
import { KIND_NAMES } from './kinds.js';
import type { Screen } from '../../screen.js';
import { inputOption, MODEL, wholeNumber } from '../../flags/options.js';

export function declareConvert(root: Command, screen: Screen): void {
  root
    .command('convert')
    .description('write a model as ONNX with seeded weights, as a Graphviz or Mermaid picture, or as a graph')
    .addArgument(new Argument('<model>', MODEL))
    .addOption(new Option('-o, --output <file>', 'what to write; its ending says as what: .onnx .dot .gv .mmd .json'))
    .addOption(
      new Option('--to <kind>', 'what to write whatever the ending; printed where no file is named').choices(
        KIND_NAMES,
      ),
    )
    .addOption(inputOption())
    .addOption(new Option('--batch <n>', 'images per inference (default: 1)').argParser(wholeNumber))
    .addOption(new Option('--dynamic-batch', 'ONNX: leave the batch open'))
    .addOption(
      new Option('--seed <n>', 'ONNX: of the weights, as in flopscope measure (default: 1)').argParser(wholeNumber),
    )
    .addOption(new Option('--external', 'ONNX: weights in a second file, FILE.data; no limit of 2 GB then'))
    .addOption(new Option('--no-weights', 'ONNX: the structure alone, its weights inputs of the graph'))
    .addOption(new Option('--by <part>', 'pictures: one box per (default: block)').choices(PARTS))
    .addHelpText(
      'after',
      '\nExample:\n  flopscope convert resnet50 -o resnet50.onnx\n  flopscope convert my-net.yaml --batch 8 --no-weights -o my-net.onnx\n  flopscope convert densenet121 --to mermaid --by stage',
    )
    .action(async (model: string, options: ConvertOptions) =>
      (await import('./action.js')).convertCommand(model, options, screen),
    );
}
