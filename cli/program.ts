// Which commands are there? Each is declared in a file of its own; its work is in another, loaded when it is called.

import { Command } from 'commander';
import { declareCheck } from './declare/check.js';
import { declareCompare } from './declare/compare.js';
import { declareConvert } from './declare/convert.js';
import { declareDiff } from './declare/diff.js';
import { declareDoctor } from './declare/doctor.js';
import { declareExplain } from './declare/explain.js';
import { declareFormula } from './declare/formula.js';
import { declareGuidelines } from './declare/guidelines.js';
import { declareList } from './declare/list.js';
import { declareMeasure } from './declare/measure.js';
import { declareProfile } from './declare/profile.js';
import { declareReconcile } from './declare/reconcile.js';
import { declareRedesign } from './declare/redesign.js';
import { declareReport } from './declare/report.js';
import { declareSchema } from './declare/schema.js';
import { declareSetup } from './declare/setup.js';
import { declareStudy } from './declare/study.js';
import { declareSweep } from './declare/sweep.js';
import type { Screen } from './screen.js';
import { VERSION } from './version.js';

/** In the order of the help. */
const COMMANDS = [
  declareList,
  declareProfile,
  declareFormula,
  declareCompare,
  declareDiff,
  declareReconcile,
  declareMeasure,
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
    .version(VERSION)
    .option('--debug', 'print stack traces of errors')
    .configureHelp({ showGlobalOptions: true });
  for (const declare of COMMANDS) declare(root, screen);
  return root;
}
