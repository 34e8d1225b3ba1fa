// The words of the command line, read from the commands themselves: what a shell completes.

import type { Argument, Command, Option } from 'commander';
import { commandsBelow, isDefault } from '../../help/texts.js';

export interface Flag {
  /** As they are written: "--output", "-o". */
  readonly names: readonly string[];
  readonly about: string;
  /** Whether a value follows it. */
  readonly takesValue: boolean;
  /** The values that it takes, where they are few. */
  readonly values: readonly string[];
}

export interface Words {
  /** The command as it is written after flopscope; '' for flopscope MODEL. */
  readonly path: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  /** What its first argument may be, where that is a choice. */
  readonly values: readonly string[];
  /** Commands below it. */
  readonly below: readonly string[];
}

/** The root with its default command, then every command with those below it. */
export function wordsOf(root: Command): readonly Words[] {
  const shown = commandsBelow(root);
  const first = shown.find(isDefault);
  const whole: Words = {
    ...{ path: '', about: root.description(), values: [] },
    flags: flagsOf(first ? [...root.options, ...first.options] : root.options),
    below: shown.map((command) => command.name()),
  };
  return [whole, ...shown.flatMap((command) => [words(root, command, ''), ...inner(root, command)])];
}

const inner = (root: Command, command: Command): readonly Words[] =>
  commandsBelow(command).map((one) => words(root, one, `${command.name()} `));

const words = (root: Command, command: Command, before: string): Words => ({
  path: before + command.name(),
  about: command.description(),
  flags: flagsOf([...command.options, ...root.options]),
  values: command.registeredArguments.flatMap(({ argChoices = [] }: Argument) => argChoices),
  below: commandsBelow(command).map((one) => one.name()),
});

const flagsOf = (options: readonly Option[]): readonly Flag[] => [
  ...options
    .filter(({ hidden }) => !hidden)
    .map(({ long, short, description, required, optional, argChoices }): Flag => ({
      names: [long, short].filter((name): name is string => typeof name === 'string'),
      about: description,
      takesValue: required || optional,
      values: argChoices ?? [],
    })),
  { names: ['--help', '-h'], about: 'display help for command', takesValue: false, values: [] },
];
