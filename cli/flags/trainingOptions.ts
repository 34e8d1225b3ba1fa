// The flags that say how a network is trained, and the options that they make together.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { InputError } from '../../src/inputError.js';
import { namesOf } from '../../src/training/flagNames.js';
import { optimizerNames, type OptimizerName } from '../../src/training/optimizer.js';
import type { TrainingOptions } from '../../src/training/training.js';

export interface TrainingFlags {
  readonly training?: boolean;
  readonly freeze?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly memoryBudget?: number;
  readonly optimizer?: OptimizerName;
  readonly amp?: boolean;
}

export const freezeOption = (): Option =>
  new Option('--freeze <part...>', 'the stages, blocks or layers that are not trained');

/**
 * @param search whether sets of checkpoints can be searched for a budget: of networks with numbers
 * for sizes
 */
export function addTrainingOptions(command: Command, { search = false } = {}): void {
  const options = [
    new Option('--training', 'the cost of a training step, too: gradients, and what autograd keeps in memory'),
    freezeOption(),
    new Option('--checkpoint <part...>', 'what runs again in place of being kept: stage, block, concat, or names'),
    new Option('--optimizer <name>', 'the optimiser whose state is counted, in place of sgd').choices([
      ...optimizerNames(),
    ]),
    new Option('--amp', 'mixed precision, as autocast on CUDA does it'),
  ];
  for (const option of options) command.addOption(option);
  const budget = new Option(
    '--memory-budget <size>',
    'find the cheapest checkpoints whose peak fits into this size, as in 100MB, among stages, blocks, layer groups and concats or what --checkpoint names',
  );
  command.addOption(search ? budget.argParser(sizeOf) : budget.argParser(refused).hideHelp());
}

/**
 * A formula has no sizes, and a diff, a budget and a baseline compare networks that are trained
 * alike.
 */
function refused(): never {
  throw new InvalidArgumentError(
    'It searches checkpoints for one network: use it with profile, compare, report or flopscope MODEL, and name here with --checkpoint what they found.',
  );
}

/**
 * How the network is trained; undefined without --training.
 * @throws InputError for flags of training without --training
 */
export function trainingOf(flags: TrainingFlags): TrainingOptions | undefined {
  const { training = false, freeze, checkpoint, optimizer, amp } = flags;
  const given = { '--freeze': freeze, '--checkpoint': checkpoint, '--optimizer': optimizer, '--amp': amp };
  const others = { ...given, '--memory-budget': flags.memoryBudget };
  const [first] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (!training && first !== undefined)
    throw new InputError(`${first} says how a network is trained: add --training, or leave it out`);
  if (!training) return undefined;
  return {
    ...(freeze ? { freeze: named('--freeze', freeze) } : {}),
    ...(checkpoint ? { checkpoint: named('--checkpoint', checkpoint) } : {}),
    ...(optimizer ? { optimizer } : {}),
    ...(amp ? { amp } : {}),
  };
}

/** @throws InputError for a flag without a name, which would have no effect */
function named(flag: string, args: readonly string[]): readonly string[] {
  const names = namesOf(args);
  if (names.length > 0 && names.every((name) => name.trim() !== '')) return names;
  throw new InputError(`${flag} names nothing: give a stage, a block or a layer`);
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
};

function sizeOf(text: string): number {
  const [, digits, unit = 'B'] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)?$/.exec(text) ?? [];
  const size = Math.floor(Number(digits) * (UNITS[unit] ?? NaN));
  if (!Number.isSafeInteger(size) || size < 1)
    throw new InvalidArgumentError(`It must be a size such as 100MB or 1.5GiB (${Object.keys(UNITS).join(', ')}).`);
  return size;
}
