// What to do about a command line that the parser refused.

import type { Command } from 'commander';
import { isDefault, writtenName } from './texts.js';

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
  if (/missing required argument|required option/.test(text))
    return `${text.trim()}; ${writtenName(command)} --help shows examples`;
  return text;
}
