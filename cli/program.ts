// The list of commands. Each is declared in one file; its action is loaded when it is called.

import { Command } from 'commander';
import { declareCheck } from './commands/check/declare.js';
import { declareCompare } from './commands/compare/declare.js';
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
import type { Screen } from './screen.js';
import { VERSION } from '../src/version.js';

/** In the order of the help. */
const COMMANDS = [
  declareDiagnose,
  declareList,
  declareProfile,
  declareFormula,
  declareCompare,
  declareDiff,
  declareReconcile,
  declareMeasure,
  declarePredict,
  declareDevice,
  declareStudio,
  declareDoctor,
  declareSetup,
  declareStudy,
  declareReport,
  declareConvert,
  declareExplain,
  declareRedesign,
  declareCheck,
  declareGuidelines,
  declareSweep,
  declareSchema,
];

export function program(screen: Screen): Command {
  const root = new Command('flopscope')
    .description(
      'What CNN backbones cost: multiply-adds, parameters and memory access, layer by layer and in closed form.',
    )
    .usage('MODEL | COMMAND [options]')
    .version(VERSION)
    .option('--debug', 'print stack traces of errors, and what libraries of the engines write')
    .option('--quiet', 'print results and errors alone: no progress, no messages')
    .configureHelp({ showGlobalOptions: true });
  for (const declare of COMMANDS) declare(root, screen);
  return root;
}
