// What to do about a command line that the parser refused.

import type { Command } from 'commander';
import { abridged, listed } from '../../src/plural.js';
import { commandsBelow, isDefault, writtenName } from './texts.js';

/** Commands that take one model. */
const OF_ONE = ['profile', 'formula', 'convert', 'redesign', 'reconcile'];

/** @param text what the parser says: "error: ..." */
export function withRemedy(text: string, command: Command): string {
  const name = command.name();
  if (/too many arguments/.test(text)) {
    if (OF_ONE.includes(name))
      return `error: flopscope ${name} takes one model; flopscope compare puts several side by side`;
    if (name === 'diff')
      return 'error: flopscope diff takes two versions of a network; flopscope compare puts more networks side by side';
  }
  const [, view] = /unknown option '(--top|--sort|--by)\b/.exec(text) ?? [];
  if (view !== undefined && isDefault(command))
    return `error: unknown option '${view}'; flopscope profile MODEL --sort multAdds --top 20 shows more layers`;
  const [, flag] = /unknown option '(--[\w-]+)/.exec(text) ?? [];
  const takers = flag === undefined ? [] : takersOf(flag, command);
  if (takers.length > 0 && !text.includes('Did you mean'))
    return `error: unknown option '${flag!}' of ${writtenName(command)}; ${take(takers)} it`;
  if (/missing required argument|required option/.test(text))
    return `${text.trim()}; ${writtenName(command)} --help shows examples`;
  return text;
}

/** Other commands that take a flag, as they are written. */
function takersOf(flag: string, { parent }: Command): readonly string[] {
  const root = parent?.parent ?? parent;
  if (!root) return [];
  return commandsBelow(root)
    .flatMap((one) => [one, ...commandsBelow(one)])
    .filter(({ options }) => options.some(({ long, hidden }) => long === flag && !hidden))
    .map(writtenName);
}

const MOST_NAMED = 4;

/** "flopscope report and flopscope studio take", and of many the first ones. */
function take(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]!} takes`;
  return `${names.length > MOST_NAMED ? `${abridged(names)} commands` : listed(names)} take`;
}
