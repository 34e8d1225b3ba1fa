// The list of commands. Each is declared in one file; its action is loaded when it is called.

import { Command, Option } from 'commander';
import { declareCheck } from './commands/check/declare.js';
import { declareCompare } from './commands/compare/declare.js';
import { declareCompletion } from './commands/completion/declare.js';
import { declareConvert } from './commands/convert/declare.js';
import { declareDevice } from './commands/device/declare.js';
import { declareDiagnose } from './commands/diagnose/declare.js';
import { declareDiff } from './commands/diff/declare.js';
import { declareDoctor } from './commands/doctor/declare.js';
import { declareExplain } from './commands/explain/declare.js';
import { declareFormula } from './commands/formula/declare.js';
import { declareGuidelines } from './commands/guidelines/declare.js';
import { declareList } from './commands/list/declare.js';
import { declareMeasure } from './commands/measure/declare.js';
import { declarePredict } from './commands/predict/declare.js';
import { declareProfile } from './commands/profile/declare.js';
import { declareReconcile } from './commands/reconcile/declare.js';
import { declareRedesign } from './commands/redesign/declare.js';
import { declareReport } from './commands/report/declare.js';
import { declareSchema } from './commands/schema/declare.js';
import { declareSetup } from './commands/setup/declare.js';
import { declareStudio } from './commands/studio/declare.js';
import { declareStudy } from './commands/study/declare.js';
import { declareSweep } from './commands/sweep/declare.js';
import { addResultFile } from './flags/resultFileOption.js';
import { helpText } from './help/helpText.js';
import type { Screen } from './screen.js';
import { VERSION } from '../src/version.js';

type Declare = (root: Command, screen: Screen) => void;

/** guidelines is a study with its own flags. Its old name, without study, still works. */
function declareStudies(root: Command, screen: Screen): void {
  const study = declareStudy(root, screen).enablePositionalOptions().helpCommand(false);
  declareGuidelines(study, screen);
  declareGuidelines(root, screen, true);
}

/** In the order of the help, by what a user wants to do. */
const COMMANDS: Readonly<Record<string, readonly Declare[]>> = {
  Analyse: [
    declareDiagnose,
    ...[declareProfile, declareFormula, declareCompare, declareDiff, declareReconcile, declareList],
  ],
  Measure: [declareMeasure, declarePredict, declareDevice],
  Improve: [declareExplain, declareRedesign, declareSweep],
  Papers: [declareStudies],
  Share: [declareReport, declareStudio, declareConvert],
  CI: [declareCheck, declareSchema],
  'Set up': [declareDoctor, declareSetup, declareCompletion],
};

export function program(screen: Screen): Command {
  const root = new Command('flopscope')
    .description(
      'What CNN backbones cost: multiply-adds, parameters and memory access, layer by layer and in closed form.',
    )
    .usage('MODEL [options] | COMMAND [options]')
    .version(VERSION, '-v, --version', 'print the version')
    .addOption(new Option('-V').hideHelp())
    .helpOption('-h, --help', 'print this help')
    // A subcommand has its own flags.
    .enablePositionalOptions()
    .configureHelp({ formatHelp: (command, help) => helpText(command, help, generalOptions()) })
    .addHelpText('after', FIRST_STEPS);
  for (const option of globalOptions()) root.addOption(option);
  for (const [group, declares] of Object.entries(COMMANDS)) {
    root.commandsGroup(`${group}:`);
    for (const declare of declares) declare(root, screen);
  }
  for (const command of [...root.commands, ...root.commands.flatMap(({ commands }) => commands)]) {
    for (const option of globalOptions()) command.addOption(option.hideHelp());
    addJson(command);
    addResultFile(command);
  }
  return root;
}

const FIRST_STEPS = `
First steps:
  flopscope resnet50                    where its cost sits, and what to change
  flopscope compare resnet50 vovnet39   two networks side by side
  flopscope list                        every network that is built in
  flopscope COMMAND --help              what a command does, with examples
  flopscope MODEL --help                the options of a model without a command`;

/** Below the options of every command. */
export const generalOptions = (): readonly Option[] => [
  ...globalOptions(),
  new Option('-h, --help', 'print this help'),
];

/** They may stand anywhere, and are read from the arguments before a command is known. */
const globalOptions = (): readonly Option[] => [
  new Option('-q, --quiet', 'print only results and errors: no progress, no messages'),
  new Option('--wide', 'print every column of a table, however narrow the terminal is'),
  new Option('--no-color', 'print without colours (so does the environment variable NO_COLOR)'),
  new Option('--debug', 'print stack traces of errors, and what the libraries of engines write'),
];

/** --json wherever --format json is. */
function addJson(command: Command): void {
  const format = command.options.find(({ long }) => long === '--format');
  if (format?.argChoices?.includes('json'))
    command.addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));
}
