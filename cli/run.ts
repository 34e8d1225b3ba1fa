// Runs the command line. Exit codes: 0 fine, 1 check failed, 2 wrong input, 3 failure at run time.

import { CommanderError, type Command } from 'commander';
import { abbreviate } from '../src/visible.js';
import { InputError, mistakesOf } from '../src/inputError.js';
import { SCREEN } from '../reports/text/wrap.js';
import { CheckFailed } from './commands/check/checkFailed.js';
import { followRenamed } from './flags/renamed.js';
import { resultFileOf } from './flags/resultFileOption.js';
import { withRemedy } from './help/remedies.js';
import { resultFile } from './output/resultFile.js';
import { program } from './program.js';
import type { Screen } from './screen.js';

/** @param args the arguments after the program's name */
export async function run(args: readonly string[], screen: Screen): Promise<number> {
  const debug = args.includes('--debug');
  const file = resultFile(asAsked(args, screen));
  const root = program(file.screen);
  const parts = root.commands.flatMap(({ commands }) => commands);
  for (const command of [root, ...root.commands, ...parts]) {
    command.exitOverride().configureOutput({
      getOutHelpWidth: () => screen.look.width ?? SCREEN,
      getErrHelpWidth: () => screen.look.width ?? SCREEN,
      writeOut: (text) => {
        screen.out(text);
      },
      writeErr: (text) => {
        screen.err(text);
      },
      outputError: (text, write) => {
        write(oneLine(withRemedy(text, command)));
      },
    });
  }
  let called: Command = root;
  root.hook('preAction', async (_, command) => {
    called = command;
    followRenamed(command, file.screen.err);
    const path = resultFileOf(command);
    if (path !== undefined) await file.open(path, readBy(command));
  });
  try {
    try {
      await root.parseAsync(withCommand(args, root), { from: 'user' });
    } finally {
      await file.finish();
    }
    return 0;
  } catch (error) {
    return report(error, called, debug, screen);
  }
}

/** The screen, as --debug, --quiet and --wide change it. They may stand anywhere. */
function asAsked(args: readonly string[], screen: Screen): Screen {
  const debug = args.includes('--debug');
  const quiet = args.includes('--quiet') || args.includes('-q');
  return {
    ...screen,
    ...(debug ? { heard: (text: string) => { screen.err(text); } } : {}), // prettier-ignore
    ...(quiet ? ({ progress: 'none', err: () => undefined } as const) : {}),
    ...(args.includes('--wide') ? { look: { ...screen.look, wide: true } } : {}),
  };
}

/** The help of flopscope MODEL is that of its command; flopscope --help is the program's. */
function withCommand(args: readonly string[], root: Command): readonly string[] {
  const word = args.find((arg) => !arg.startsWith('-') || arg === '-');
  const asks = args.some((arg) => arg === '--help' || arg === '-h');
  if (!asks || word === undefined || word === 'help' || root.commands.some((one) => one.name() === word)) return args;
  return ['diagnose', ...args];
}

/** The words that may be files to read: all but the file that the command writes. */
function readBy(command: Command): readonly string[] {
  const values = Object.entries<unknown>(command.opts()).filter(([key]) => key !== 'output');
  return [...command.args, ...values.flatMap(([, value]) => value)].filter((one) => typeof one === 'string');
}

/** The most mistakes of one input that are printed; further ones are counted. */
const MOST_MISTAKES = 20;

function report(error: unknown, called: Command, debug: boolean, screen: Screen): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CheckFailed) {
    if (error.message !== '') screen.err(oneLine(error.message));
    return 1;
  }
  const errors = error instanceof InputError ? mistakesOf(error) : [error];
  for (const one of errors.slice(0, MOST_MISTAKES))
    screen.err(oneLine(`error: ${one instanceof Error ? one.message + adviceFor(one, called) : String(one)}`));
  if (errors.length > MOST_MISTAKES) screen.err(`and ${errors.length - MOST_MISTAKES} more\n`);
  if (debug && error instanceof Error) screen.err(`${error.stack ?? ''}\n`);
  else if (!isAnswer(error)) screen.err('this is a fault of flopscope, not of your input: --debug shows where\n');
  return error instanceof InputError ? 2 : 3;
}

/** The flag that avoids the error, where the command takes it; else the command that takes it. */
function adviceFor(error: Error, called: Command): string {
  if (!(error instanceof InputError) || error.option !== 'allowUnknown') return '';
  const takes = called.options.some(({ long }) => long === '--allow-unknown');
  const runs = called.getOptionValue('measure') === true;
  return takes && !runs
    ? '; --allow-unknown counts the rest as a lower bound'
    : '; the whole network is needed here, and flopscope profile --allow-unknown counts the rest';
}

/**
 * Whether the message of an error is enough: wrong input, or a failure of the device or the
 * network.
 */
const isAnswer = (error: unknown): boolean =>
  error instanceof InputError || (error instanceof Error && ANSWERS.includes(error.name));
const ANSWERS: readonly string[] = ['DeviceFailure', 'UntrustedRun', 'SetupFailure'];

/** Characters: a message quotes names of the user, which may be long. */
const LONGEST_MESSAGE = 600;
const oneLine = (text: string): string => `${abbreviate(text.trim(), LONGEST_MESSAGE)}\n`;
