// The manual pages, from the definitions of the commands: one of the program, one of each command.

import { homedir } from 'node:os';
import type { Command, Option } from 'commander';
import { VERSION } from '../../src/version.js';
import { generalOptions, program } from '../program.js';
import { plainLook } from '../screen.js';
import { DESCRIBES, groupsOf, MEASURING, OWN, runOptions } from './groups.js';
import { aboutArgument, aboutOption, commandsBelow, ownDefaults, textBelow, usageOf, writtenName } from './texts.js';

/** @returns the text of each page by the name of its file: "flopscope-compare.1" */
export function manualPages(): ReadonlyMap<string, string> {
  const root = program({ out: () => undefined, err: () => undefined, look: plainLook, progress: 'none' });
  const below = commandsBelow(root).flatMap((command) => [command, ...commandsBelow(command)]);
  return new Map([root, ...below].map((command) => [`${pageName(command)}.1`, page(command, root)]));
}

const pageName = (command: Command): string =>
  command.parent === null ? command.name() : `${pageName(command.parent)}-${command.name()}`;

function page(command: Command, root: Command): string {
  const name = pageName(command);
  const inner = commandsBelow(command);
  const others = command === root ? [] : [root, ...(runOptions(command).length > 0 ? [measureOf(root)] : [])];
  return [
    `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`flopscope ${VERSION}`)} "flopscope manual"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(command.description())}`,
    '.SH SYNOPSIS',
    `.B ${escaped(usageOf(command))}`,
    ...(inner.length > 0
      ? ['.SH COMMANDS', ...inner.flatMap((one) => tagged(writtenName(one), one.description()))]
      : []),
    ...argumentLines(command),
    ...optionLines(command),
    ...belowLines(command),
    ...(command === root ? EXIT_STATUS : []),
    '.SH SEE ALSO',
    [...others, ...inner]
      .filter((one) => one !== command)
      .map((one) => `.BR ${escaped(pageName(one))} (1)`)
      .join('\n'),
    '',
  ].join('\n');
}

const measureOf = (root: Command): Command => root.commands.find((one) => one.name() === DESCRIBES)!;

function argumentLines({ registeredArguments }: Command): readonly string[] {
  if (registeredArguments.length === 0) return [];
  return ['.SH ARGUMENTS', ...registeredArguments.flatMap((one) => tagged(one.name(), aboutArgument(one)))];
}

function optionLines(command: Command): readonly string[] {
  const own = command.parent === null || command.name() === DESCRIBES;
  const runs = own ? [] : runOptions(command);
  const groups = groupsOf(command, command.parent === null ? generalOptions() : []);
  const lines = groups.flatMap(({ name, options }) => {
    const shown = options.filter((one) => !runs.includes(one));
    if (options.length === 0) return [];
    return [
      ...(name === OWN ? [] : [`.SS ${quoted(name)}`]),
      ...shown.flatMap(optionEntry),
      ...(name === MEASURING ? runText(runs) : []),
    ];
  });
  return lines.length === 0 ? [] : ['.SH OPTIONS', ...lines];
}

const optionEntry = (option: Option): readonly string[] => tagged(option.flags, aboutOption(option));

function runText(options: readonly Option[]): readonly string[] {
  if (options.length === 0) return [];
  const defaults = ownDefaults(options);
  return [
    '.PP',
    escaped(`How to run them, as in flopscope-${DESCRIBES}(1): ${options.map(({ long }) => long!).join(', ')}.`),
    ...(defaults.length === 0 ? [] : [escaped(`Defaults here: ${defaults.join(', ')}.`)]),
  ];
}

/** "Example:" and its lines, which keep their breaks. The reader's home is not the builder's. */
function belowLines(command: Command): readonly string[] {
  const text = textBelow(command).replaceAll(homedir(), '~');
  if (text === '') return [];
  const parts = text.split(/^(?=\S)/m);
  return parts.flatMap((part) => {
    const [heading = '', ...lines] = part.trimEnd().split('\n');
    const title = /^([A-Z][\w ]*):$/.exec(heading)?.[1];
    const shown = title === undefined ? [heading, ...lines] : lines;
    return [
      ...(title === undefined ? ['.PP'] : [`.SH ${quoted(title.toUpperCase())}`]),
      '.nf',
      ...shown.map(escaped),
      '.fi',
    ];
  });
}

const EXIT_STATUS = [
  '.SH "EXIT STATUS"',
  ...tagged('0', 'all is well'),
  ...tagged('1', 'a budget or a check failed'),
  ...tagged('2', 'the input or the command line is wrong'),
  ...tagged('3', 'something failed at run time'),
];

function tagged(term: string, about: string): readonly string[] {
  const [first = '', ...more] = about.split('\n');
  return ['.TP', `.B ${escaped(term)}`, escaped(first), ...more.flatMap((line) => ['.br', escaped(line)])];
}

/** A hyphen that is typed, not one that breaks a word; no line is a request. */
function escaped(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '\\(dq')}"`;
