// The text of --help: usage, arguments, options in groups, and commands in groups.

import type { Command, Help, Option } from 'commander';
import { wrapped } from '../../reports/text/wrap.js';
import { DESCRIBES, GENERAL, groupsOf, MEASURING, runOptions } from './groups.js';
import { aboutArgument, aboutOption, commandsBelow, isDefault, ownDefaults, usageOf } from './texts.js';

/** Longer lines are hard to read, whatever the terminal has. */
const WIDEST = 100;
/** A longer term has its text on the next line. */
const LONGEST_TERM = 26;

interface Item {
  readonly term: string;
  readonly about: string;
}

/** @param general options that every command takes */
export function helpText(command: Command, { helpWidth = 80 }: Help, general: readonly Option[]): string {
  const width = Math.min(helpWidth, WIDEST);
  const groups = groupsOf(command, general);
  const lists: readonly (readonly [heading: string, items: readonly Item[]])[] = [
    ...commandLists(command),
    ['Arguments', command.registeredArguments.map((one) => ({ term: one.name(), about: aboutArgument(one) }))],
    ...groups.map(
      ({ name, options }) => [name, options.filter((one) => isDescribed(name, command, one)).map(optionItem)] as const,
    ),
  ];
  const terms = lists.flatMap(([, items]) => items.map(({ term }) => term.length));
  const column = Math.min(LONGEST_TERM, Math.max(...terms));
  const parts = lists
    .filter(([heading, items]) => items.length > 0 || (heading === MEASURING && runOptions(command).length > 0))
    .map(([heading, items]) => {
      const lines = [`${heading}:`, ...items.map((item) => lineOf(item, column, width))];
      return [...lines, ...(heading === MEASURING ? runFlags(command, width) : [])].join('\n');
    });
  const about = command.description();
  const sentence = `${about[0]!.toUpperCase()}${about.slice(1)}${about.endsWith('.') ? '' : '.'}`;
  return `${[`Usage: ${usageOf(command)}`, wrapped(sentence, '', width), ...parts, ...generalLine(command, general, width)].join('\n\n')}\n`;
}

const optionItem = (option: Option): Item => ({
  term: option.short === undefined ? `    ${option.flags}` : option.flags,
  about: aboutOption(option),
});

/**
 * What all commands take is described by flopscope --help, and how to run networks by
 * flopscope measure --help.
 */
function isDescribed(group: string, command: Command, { long }: Option): boolean {
  if (group === GENERAL) return command.parent === null;
  return group !== MEASURING || command.name() === DESCRIBES || long === '--measure';
}

function runFlags(command: Command, width: number): readonly string[] {
  if (command.name() === DESCRIBES) return [];
  const options = runOptions(command);
  const defaults = ownDefaults(options);
  return [
    wrapped(`How to run them, as in flopscope ${DESCRIBES} --help: ${namesOf(options)}`, '  ', width),
    ...(defaults.length === 0 ? [] : [wrapped(`Defaults here: ${defaults.join(', ')}`, '  ', width)]),
  ];
}

function generalLine(command: Command, general: readonly Option[], width: number): readonly string[] {
  if (command.parent === null) return [];
  return [wrapped(`As in flopscope --help: ${namesOf(general)}`, '', width)];
}

const namesOf = (options: readonly Option[]): string => options.map(({ long }) => long!).join(' ');

function lineOf({ term, about }: Item, column: number, width: number): string {
  const indent = ' '.repeat(column + 4);
  const [first = '', ...more] = about.split('\n');
  const fits = term.length <= column;
  const start = fits ? `  ${term.padEnd(column)}  ` : indent;
  const lines = [wrapped(first, start, width), ...more.map((text) => wrapped(text, indent, width))];
  return fits ? lines.join('\n') : [`  ${term}`, ...lines].join('\n');
}

function commandLists(command: Command): readonly (readonly [string, readonly Item[]])[] {
  const lists = new Map<string, Item[]>();
  for (const one of commandsBelow(command)) {
    const heading = one.helpGroup().replace(/:$/, '') || 'Commands';
    const term = command.parent === null && isDefault(one) ? 'MODEL' : one.name();
    lists.set(heading, [...(lists.get(heading) ?? []), { term, about: one.summary() || one.description() }]);
  }
  return [...lists];
}
