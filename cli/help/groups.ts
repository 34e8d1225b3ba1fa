// The groups of options in help and in the manual: an option is in the same group of every command.

import type { Command, Option } from 'commander';
import { RUN_FLAGS } from '../flags/measureOptions.js';

/** In the order of the help. Options in no group are the command's own and come first. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Input: [
    ...['--detector', '--backbone', '--input', '--batch', '--bytes-per-element', '--allow-unknown', '--runs'],
    ...['--times', '--times-device', '--times-precision', '--skip-unknown', '--from', '--device'],
  ],
  Training: ['--training', '--freeze', '--checkpoint', '--memory-budget', '--optimizer', '--amp'],
  Measuring: ['--measure', '--no-measure', ...RUN_FLAGS],
  Charts: ['--charts', '--figure-width', '--figure-font', '--no-title'],
  Output: ['--by', '--sort', '--top', '--output', '--format', '--json', '--open'],
  General: ['--quiet', '--wide', '--no-color', '--debug', '--version', '--help'],
};

/** The heading of options in no group. */
export const OWN = 'Options';
export const GENERAL = 'General';
export const MEASURING = 'Measuring';
/** The command that describes how networks are run; the others name its options. */
export const DESCRIBES = 'measure';
const ORDER: readonly string[] = [OWN, ...Object.keys(GROUPS)];

export interface OptionGroup {
  readonly name: string;
  readonly options: readonly Option[];
}

/** Whether the command can measure: its flags of a run belong together then. */
const measures = ({ options }: Command): boolean => options.some(({ long }) => long === '--engine');

/** @param general options that every command takes */
export function groupsOf(command: Command, general: readonly Option[]): readonly OptionGroup[] {
  const shown = command.options.filter(({ hidden, long }) => !hidden && !general.some((one) => one.long === long));
  const groups = new Map<string, Option[]>();
  for (const option of shown) {
    const name = groupOf(option, command);
    groups.set(name, [...(groups.get(name) ?? []), option]);
  }
  groups.set(GENERAL, [...(groups.get(GENERAL) ?? []), ...general]);
  return [...groups]
    .map(([name, options]) => ({ name, options: inOrder(name, options) }))
    .sort((a, b) => place(a.name) - place(b.name));
}

/** Flags that say how networks are run; none where the command cannot measure. */
export const runOptions = (command: Command): readonly Option[] =>
  measures(command) ? command.options.filter(({ long, hidden }) => !hidden && RUN_FLAGS.includes(long!)) : [];

/** The command's own heading is at the position of its own options. */
const place = (name: string): number => Math.max(0, ORDER.indexOf(name));

function groupOf({ long, helpGroupHeading }: Option, command: Command): string {
  if (helpGroupHeading !== undefined) return helpGroupHeading;
  const found = Object.entries(GROUPS).find(([, flags]) => flags.includes(long ?? ''))?.[0];
  return found === undefined || (found === MEASURING && !measures(command)) ? OWN : found;
}

function inOrder(name: string, options: readonly Option[]): readonly Option[] {
  const flags = GROUPS[name];
  if (flags === undefined) return options;
  return [...options].sort((a, b) => flags.indexOf(a.long!) - flags.indexOf(b.long!));
}
