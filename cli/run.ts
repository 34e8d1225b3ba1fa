// Runs the command line. Exit codes: 0 fine, 1 check failed, 2 wrong input, 3 failure at run time.

import { CommanderError, type Command } from 'commander';
import { abbreviate } from '../src/visible.js';
import { InputError } from '../src/inputError.js';
import { CheckFailed } from './commands/check/checkFailed.js';
import { program } from './program.js';
import type { Screen } from './screen.js';

/** @param args the arguments after the program's name */
export async function run(args: readonly string[], screen: Screen): Promise<number> {
  const debug = args.includes('--debug');
  const heard = debug ? { heard: (text: string) => { screen.err(text); } } : {}; // prettier-ignore
  const quiet =
    args.includes('--quiet') || args.includes('-q') ? ({ progress: 'none', err: () => undefined } as const) : {};
  const root = program({ ...screen, ...heard, ...quiet });
  const parts = root.commands.flatMap(({ commands }) => commands);
  for (const command of [root, ...root.commands, ...parts]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        screen.out(text);
      },
      writeErr: (text) => {
        screen.err(text);
      },
      outputError: (text, write) => {
        write(oneLine(withRemedy(text)));
      },
    });
  }
  let called: Command = root;
  root.hook('preAction', (_, command) => {
    called = command;
  });
  try {
    await root.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, called, debug, screen);
  }
}

/** Commands that take one model; those of several are others. */
const OF_ONE = /too many arguments for '(profile|formula|convert|redesign|reconcile)'/;

/** What to do about a command line that the parser refused. */
function withRemedy(text: string): string {
  const command = OF_ONE.exec(text)?.[1];
  return command === undefined
    ? text
    : `error: flopscope ${command} takes one model; flopscope compare puts several side by side`;
}

function report(error: unknown, called: Command, debug: boolean, screen: Screen): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CheckFailed) {
    screen.err(oneLine(error.message));
    return 1;
  }
  screen.err(oneLine(`error: ${error instanceof Error ? error.message + adviceFor(error, called) : String(error)}`));
  if (debug && error instanceof Error) screen.err(`${error.stack ?? ''}\n`);
  else if (!isAnswer(error)) screen.err('this is a fault of flopscope, not of your input: --debug shows where\n');
  return error instanceof InputError ? 2 : 3;
}

/** The flag that avoids the error, where the command takes it and it would help. */
function adviceFor(error: Error, called: Command): string {
  const takes = called.options.some(({ long }) => long === '--allow-unknown');
  const runs = called.getOptionValue('measure') === true;
  const helps = error instanceof InputError && error.option === 'allowUnknown' && takes && !runs;
  return helps ? '; --allow-unknown counts the rest as a lower bound' : '';
}

/**
 * Errors whose message is enough: wrong input, or a failure of the device or the network.
 */
const isAnswer = (error: unknown): boolean =>
  error instanceof InputError || (error instanceof Error && ANSWERS.includes(error.name));
const ANSWERS: readonly string[] = ['DeviceFailure', 'UntrustedRun', 'SetupFailure'];

/** Characters: a message quotes names of the user, which may be long. */
const LONGEST_MESSAGE = 600;
const oneLine = (text: string): string => `${abbreviate(text.trim(), LONGEST_MESSAGE)}\n`;
