// The flags of a measurement, shared by every command that measures.

import { InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES } from '../../src/engines/engine.js';
import { OPTIMISATIONS, PROVIDERS } from '../../src/engines/onnxruntime/providers.js';
import { inputOption, wholeNumber } from './options.js';

export function measureOptions(): readonly Option[] {
  return [
    new Option('--engine <engine>', 'what runs the graph').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    inputOption(),
    new Option('--batch <n,...>', 'images per inference, or several to measure one after the other')
      .default([undefined], '1, or what the file was exported for')
      .argParser((text) => text.split(',').map(wholeNumber)),
    new Option('--layers', 'time every layer in a pass of its own').default(false),
    new Option('--eager', 'run every op as written: nothing is folded or fused').default(false),
    new Option('--warmups <n>', 'inferences before anything counts').default(3).argParser(wholeNumber),
    new Option('--windows <n>', 'timed windows').default(5).argParser(wholeNumber),
    new Option('--min-window <seconds>', 'least length of a window').default(1).argParser(seconds),
    new Option('--seed <n>', 'of weights and input').default(1).argParser(wholeNumber),
    new Option('--no-ceilings', 'skip the large matrix product and copy: no utilisation'),
    new Option(
      '--provider <provider>',
      'what runs the kernels of onnxruntime: the best that works, or this one',
    ).choices(PROVIDERS),
    new Option('--threads <n>', 'of onnxruntime on a CPU: one for each physical core, or so many').argParser(
      wholeNumber,
    ),
    new Option('--optimisation <level>', 'how far onnxruntime optimises a graph: all the way, or so far').choices(
      OPTIMISATIONS,
    ),
    new Option('--allow-software', 'let a software driver play the GPU; every output says so').default(false),
    new Option(
      '--dawn-toggle <toggle...>',
      'settings for Dawn, recorded in the run, e.g. enable-dawn-features=disable_robustness',
    ),
  ];
}

/** Flags that say how to run, and nothing to a command that only counts. */
export const RUN_FLAGS: readonly string[] = measureOptions()
  .map(({ long }) => long!)
  .filter((flag) => !['--input', '--batch'].includes(flag));

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.01 && value <= 600))
    throw new InvalidArgumentError('It must be a number of seconds from 0.01 to 600.');
  return value;
}
