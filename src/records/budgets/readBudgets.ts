// Reads a budgets file: its networks, their limits, and the place of each limit in the text.

import type { PlacedLimit } from '../../budgets/check.js';
import type { PlacedAudit } from '../../budgets/forbidden.js';
import { metricOf } from '../../metrics/table.js';
import type { ImageSize } from '../../families/family.js';
import { check } from '../../document/check.js';
import { imageSize, type GivenInput } from '../../document/header.js';
import { readDocument, type TextDocument } from '../../document/document.js';
import {
  demandNoProblem,
  MOST_PROBLEMS,
  Problems,
  shown,
  valueAt,
  type Path,
  type Problem,
} from '../../document/problem.js';
import {
  entryMapping,
  fileMapping,
  groupMapping,
  GROUPS,
  limitsMapping,
  PATHS,
  trainingMapping,
} from './budgetsRules.js';
import type { TrainingOptions } from '../../training/training.js';
import { readLimit } from './limitText.js';

/** One network; exactly one of `model` and `file` is there. */
export interface BudgetEntry {
  /** Its name in tables. */
  readonly name: string;
  /** A built-in name, or a detector on one. */
  readonly model: string | null;
  /** As written: from the folder of the budgets file. */
  readonly file: string | null;
  /** [C, H, W]; null for the model's own. */
  readonly input: ImageSize | null;
  /** null for the model's own. */
  readonly batch: number | null;
  readonly run: string | null;
  /** How it is trained; null where the file does not say. */
  readonly training: TrainingOptions | null;
  readonly limits: readonly PlacedLimit[];
  /** Findings that it may not have: of the whole file, then its own. */
  readonly forbid: readonly PlacedAudit[];
  /** "file:line:column". */
  readonly place: string;
}

export interface BudgetsFile {
  /** As written; null where the file does not say. */
  readonly baseline: string | null;
  readonly entries: readonly BudgetEntry[];
}

const WORDING = { kind: 'a budgets file', start: 'list networks under budgets:' };

/** @throws InputError of one line, "file:line:column: what is wrong and what to do" */
export function readBudgets(text: string, fileName: string): BudgetsFile {
  const document = readDocument(text, fileName, WORDING);
  try {
    if (document.data === null) demandNoProblem([{ message: `the file is empty: ${WORDING.start}`, path: [] }]);
    demandNoProblem(check(fileMapping, document.data, []));
    const { baseline = null, forbid = [], budgets } = document.data as GivenFile;
    return { baseline, entries: entriesOf(budgets, placedAudits(forbid, [], document), document) };
  } catch (error) {
    throw error instanceof Problems ? document.refuse(error.problems) : error;
  }
}

interface GivenFile {
  readonly baseline?: string;
  readonly forbid?: readonly string[];
  readonly budgets: readonly unknown[];
}

const placedAudits = (names: readonly string[], at: Path, document: TextDocument): readonly PlacedAudit[] =>
  names.map((audit, i) => ({ audit, place: document.place([...at, 'forbid', i]) }));

interface GivenEntry {
  readonly model?: string;
  readonly file?: string;
  readonly name?: string;
  readonly input?: GivenInput;
  readonly batch?: number;
  readonly run?: string;
  readonly training?: TrainingOptions;
  readonly forbid?: readonly string[];
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** @throws Problems, those of all entries at once */
function entriesOf(
  budgets: readonly unknown[],
  everywhere: readonly PlacedAudit[],
  document: TextDocument,
): readonly BudgetEntry[] {
  const problems: Problem[] = [];
  const entries: BudgetEntry[] = [];
  for (const [i, item] of budgets.entries()) {
    const at: Path = ['budgets', i];
    const found = entryProblems(item, at, everywhere.length > 0);
    problems.push(...found);
    if (found.length === 0) entries.push(entryOf(item as GivenEntry, at, everywhere, document, problems));
    if (problems.length >= MOST_PROBLEMS) break;
  }
  demandNoProblem(problems);
  return entries;
}

/** @param forbidding whether the whole file forbids findings, so that limits may be left out */
function entryProblems(item: unknown, at: Path, forbidding: boolean): readonly Problem[] {
  const problems = check(entryMapping, item, at);
  if (problems.length > 0) return problems;
  const { model, file, training, forbid, limits } = item as Partial<Omit<GivenEntry, 'limits'>> & {
    limits?: NonNullable<GivenEntry['limits']> | null;
  };
  if ((model === undefined) === (file === undefined))
    return [
      {
        message:
          model === undefined
            ? 'a network of the budgets is named by model: or file:, and here is neither'
            : 'a network of the budgets is named by model: or by file:, and here are both: remove one',
        path: model === undefined ? at : [...at, 'file'],
        onKey: true,
      },
    ];
  const trained = training === undefined ? [] : check(trainingMapping, training, [...at, 'training']);
  if (limits === undefined && (forbidding || forbid !== undefined)) return trained;
  if (limits === undefined || limits === null)
    return [{ message: 'limits are missing: give at least one, as in limits: { params: 26M }', path: at }];
  const inside = check(limitsMapping, limits, [...at, 'limits']);
  const groups = GROUPS.filter((group) => limits[group] !== undefined).flatMap((group) =>
    check(groupMapping(group), limits[group], [...at, 'limits', group]),
  );
  return [...trained, ...inside, ...groups];
}

function entryOf(
  entry: GivenEntry,
  at: Path,
  everywhere: readonly PlacedAudit[],
  document: TextDocument,
  problems: Problem[],
): BudgetEntry {
  const { model = null, file = null, name = model ?? file!, input, batch = null, run = null } = entry;
  const { training = null, forbid = [], limits } = entry;
  const placed: PlacedLimit[] = [];
  for (const [metric, keys] of PATHS) {
    const given = limits && valueAt(limits, keys);
    if (given === undefined) continue;
    const path = [...at, 'limits', ...keys];
    const limit = readLimit(metric, given);
    if (typeof limit === 'string') problems.push({ message: limit, path });
    else if (metricOf(metric).from === 'run' && run === null)
      problems.push({
        message: `${metric} is measured: name the file of flopscope measure -o with run:`,
        path,
        onKey: true,
      });
    else placed.push({ metric, limit, place: document.place(path) });
  }
  if (limits && placed.length === 0 && problems.length === 0)
    problems.push({ message: `the limits of ${shown(name)} are empty: give at least one`, path: [...at, 'limits'] });
  return {
    name,
    model,
    file,
    input: input === undefined ? null : imageSize(input),
    batch,
    run,
    training,
    limits: placed,
    forbid: distinct([...everywhere, ...placedAudits(forbid, at, document)]),
    place: document.place(at),
  };
}

/** One audit counts once, where it was said first. */
const distinct = (audits: readonly PlacedAudit[]): readonly PlacedAudit[] =>
  audits.filter(({ audit }, i) => audits.findIndex((one) => one.audit === audit) === i);
