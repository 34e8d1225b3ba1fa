// The flag -o of commands that print a result: it goes to a file, whose ending decides the format.

import { Option, type Command } from 'commander';
import { InputError } from '../../src/inputError.js';

/** Endings of each value of --format; one without an ending is written to a .txt file. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  table: ['.txt'],
  json: ['.json'],
  csv: ['.csv'],
  markdown: ['.md', '.markdown'],
  latex: ['.tex'],
  junit: ['.xml'],
};

/** Commands with this -o. Other commands have an -o with a different meaning. */
const COMMANDS = new WeakSet<Command>();

const choicesOf = (command: Command): readonly string[] =>
  command.options.find(({ long }) => long === '--format')?.argChoices ?? [];

/** Adds -o to a command that prints tables and has no other -o. */
export function addResultFile(command: Command): void {
  const own = command.options.some(({ long }) => long === '--output');
  if (own || !choicesOf(command).includes('table')) return;
  const endings = endingsOf(command).join(', ');
  command.addOption(
    new Option('-o, --output <file>', `write the result to a file; its ending decides the format: ${endings}`),
  );
  COMMANDS.add(command);
}

const endingsOf = (command: Command): readonly string[] =>
  choicesOf(command).flatMap((choice) => ENDINGS[choice]?.slice(0, 1) ?? []);

/**
 * Sets --format by the ending.
 * @returns the path; undefined where the result is printed
 * @throws InputError for an ending that says no format, or another than --format
 */
export function resultFileOf(command: Command): string | undefined {
  const format = formatGiven(command);
  const output = COMMANDS.has(command) ? (command.getOptionValue('output') as string | undefined) : undefined;
  if (output === undefined) return undefined;
  const stated = choicesOf(command).find((choice) =>
    ENDINGS[choice]?.some((ending) => output.toLowerCase().endsWith(ending)),
  );
  if (stated === undefined && format === undefined)
    throw new InputError(
      `-o ${output}: the ending says no format: use one of ${endingsOf(command).join(', ')}, or add --format`,
    );
  if (stated !== undefined && format !== undefined && stated !== format && stated !== 'table')
    throw new InputError(`-o ${output}: the ending says ${stated}, and --format says ${format}: leave one out`);
  command.setOptionValueWithSource('format', format ?? stated, 'cli');
  return output;
}

/**
 * What --format or --json says; undefined where neither is given.
 * @throws InputError where the two differ
 */
function formatGiven(command: Command): string | undefined {
  const given = command.getOptionValueSource('format') === 'cli';
  const format = command.getOptionValue('format') as string | undefined;
  if (command.getOptionValue('json') !== true) return given ? format : undefined;
  if (given && format !== 'json') throw new InputError(`--json and --format ${format!} differ: leave one out`);
  return 'json';
}
