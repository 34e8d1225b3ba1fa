// Renamed flags: the old name still works, and a message gives the new one.

import { Option, type Command } from 'commander';
import { InputError } from '../../src/inputError.js';

const NEW_NAMES = new WeakMap<Option, Option>();

/** @param old as it was declared: "--layers <n,...>" */
export function addRenamed(command: Command, option: Option, old: string): void {
  const before = new Option(old, option.description).hideHelp();
  if (option.parseArg) before.argParser(option.parseArg);
  NEW_NAMES.set(before, option);
  command.addOption(option).addOption(before);
}

/**
 * Moves values of old names to the new ones.
 * @throws InputError where both are given
 */
export function followRenamed(command: Command, say: (text: string) => void): void {
  for (const old of command.options) {
    const option = NEW_NAMES.get(old);
    const [before, now] = [old.attributeName(), option?.attributeName() ?? ''];
    if (option === undefined || command.getOptionValueSource(before) !== 'cli') continue;
    if (command.getOptionValueSource(now) === 'cli')
      throw new InputError(`${old.long!} is the old name of ${option.long!}: leave it out`);
    command.setOptionValueWithSource(now, command.getOptionValue(before), 'cli');
    command.setOptionValueWithSource(before, undefined, 'default');
    say(`${old.long!} is now called ${option.long!}; the old name still works.\n`);
  }
}
