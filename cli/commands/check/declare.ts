// Arguments and flags of flopscope check.

import { Argument, Option, type Command } from 'commander';
import type { CheckOptions } from './action.js';
import type { InitOptions } from './init.js';
import { givenFlags, refuseWithoutEffect } from '../../flags/givenFlags.js';
import { FORMATS } from '../../output/format.js';
import type { Screen } from '../../screen.js';
import { addTrainingOptions } from '../../flags/trainingOptions.js';
import { allowUnknownOption } from '../../flags/options.js';

export function declareCheck(root: Command, screen: Screen): void {
  const command = root
    .command('check')
    .description('budgets for CI: exit code 1 if a network costs more than its limits allow')
    .addArgument(
      new Argument(
        '[budgets]',
        'the budgets file, which flopscope schema budgets describes; - for standard input',
      ).default('flopscope.budgets.yaml'),
    )
    .addOption(
      new Option(
        '--update-baseline',
        'write what the networks cost now to the baseline file, which limits such as +2% count from',
      ).default(false),
    )
    .addOption(
      new Option(
        '--init',
        'write a budgets file from what the networks below its folder cost today; overwrites nothing',
      ).default(false),
    )
    .addOption(
      new Option(
        '--model <model>',
        'a network for --init to take, in place of those below the folder; may be repeated',
      ).argParser((name: string, before: readonly string[] | undefined) => [...(before ?? []), name]),
    )
    .addOption(
      new Option(
        '--strict',
        'fail, too, if a measured time is too uncertain to tell whether it keeps its limit',
      ).default(false),
    )
    .addOption(new Option('--forbid <audit,...>', 'findings that no network may have; docs/diagnosis.md lists them'))
    .addOption(allowUnknownOption())
    .addOption(
      new Option('--format <format>', 'how to print; markdown is a comment for a pull request, github annotates lines')
        .choices([...FORMATS, 'junit', 'github'])
        .default('table'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  flopscope check --init\n  flopscope check\n  flopscope check --format markdown\n  flopscope check --forbid dead-ends,unfolded-norms\n  flopscope check nets/flopscope.budgets.yaml --update-baseline\n  flopscope check --training --optimizer adam --amp',
    )
    .action(async (budgets: string, options: CheckOptions & InitOptions & { init: boolean }, called: Command) => {
      const given = givenFlags(called);
      if (options.init) return (await import('./init.js')).initCommand(budgets, { ...options, given }, screen);
      refuseWithoutEffect(given, [[true, ['--model'], 'without --init: the budgets file names the networks']]);
      return (await import('./action.js')).checkCommand(budgets, options, screen);
    });
  addTrainingOptions(command);
}
