// What help and the manual say of arguments, options and commands, read from the commands.

import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';
import { measureOptions } from '../flags/measureOptions.js';
import { choicesShown } from '../flags/shownChoices.js';

/** Its meaning, its choices and its default. */
export function aboutOption(option: Option): string {
  const { description, defaultValueDescription, required, optional } = option;
  const defaultValue = option.defaultValue as string | number | undefined;
  const shown = (required || optional) && defaultValue !== undefined;
  return withExtra(
    description,
    choicesShown(option),
    shown ? (defaultValueDescription ?? String(defaultValue)) : undefined,
  );
}

export const aboutArgument = ({ description, argChoices, defaultValue }: Argument): string =>
  withExtra(description, argChoices, defaultValue === undefined ? undefined : String(defaultValue));

function withExtra(about: string, choices: readonly string[] | undefined, byDefault: string | undefined): string {
  // A default that depends on something stands in the text itself.
  const [, text = about, said] = /^(.*) \((default: [^()]*)\)$/.exec(about) ?? [];
  const extra = [
    ...(choices ? [choices.join(', ')] : []),
    ...(said === undefined ? [] : [said]),
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
  ];
  return extra.length === 0 ? about : `${text} (${extra.join('; ')})`;
}

/** The root's default command, which runs where the user names a model and no command. */
export const isDefault = (command: Command): boolean =>
  (command.parent as unknown as { readonly _defaultCommandName?: string | null } | null)?._defaultCommandName ===
  command.name();

/** Commands that help shows, without the one that shows it. */
export const commandsBelow = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');

/** "flopscope study guidelines"; the default command of the root is "flopscope MODEL". */
export function writtenName(command: Command): string {
  const { parent } = command;
  if (parent === null) return command.name();
  return `${writtenName(parent)} ${isDefault(command) && parent.parent === null ? 'MODEL' : command.name()}`;
}

/** "flopscope diff [options] <before> <after>". */
export function usageOf(command: Command): string {
  if (command.parent === null) return `${command.name()} ${command.usage()}`;
  const words = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  const own = isDefault(command) && command.parent.parent === null;
  return [writtenName(command), ...(own ? [] : words), '[options]'].join(' ');
}

/** The flags of a run whose default differs from that of flopscope measure: "--sessions 5". */
export function ownDefaults(options: readonly Option[]): readonly string[] {
  const usual = new Map(measureOptions().map(({ long, defaultValue }) => [long, defaultValue as unknown]));
  return options
    .filter(
      ({ long, defaultValue, required }) => required && defaultValue !== undefined && usual.get(long) !== defaultValue,
    )
    .map(({ long, defaultValue }) => `${long!} ${String(defaultValue)}`);
}

/** What stands below the options: examples, and how to set something up. */
export function textBelow(command: Command): string {
  let text = '';
  // Command is an EventEmitter, which its types leave out.
  (command as unknown as EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (more: string) => {
      text += more;
    },
  });
  return text.trim();
}
