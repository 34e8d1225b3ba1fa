// Checks the networks of a budgets file, from paths relative to its folder.

import { existsSync } from 'node:fs';
import { baselineOf, keyOf, type Baseline } from '../budgets/baseline.js';
import { checkBudgets, type Budgeted, type CheckResult } from '../budgets/check.js';
import { checkFindings, isOfTraining, type PlacedAudit } from '../budgets/forbidden.js';
import { runOf } from '../budgets/sameNetwork.js';
import { timingOf } from '../diagnosis/timing.js';
import { trainingStep } from '../diagnosis/trainingStep.js';
import { forAll, InputError, locate } from '../inputError.js';
import { isTraining } from '../metrics/table.js';
import { graphOf } from '../model.js';
import { profile } from '../profile.js';
import { readBaseline } from '../records/budgets/baselineJson.js';
import { readBudgets, type BudgetEntry, type BudgetsFile } from '../records/budgets/readBudgets.js';
import type { TrainingOptions } from '../training/training.js';
import { modelNamed, type NameOptions } from './modelNamed.js';
import { pathBeside } from './pathBeside.js';
import { readText } from './readText.js';
import { pathName, STANDARD_INPUT } from './standardInput.js';
import { readRunFiles } from './runFiles.js';

export interface CheckSettings extends NameOptions {
  /** Compare with what the networks cost now, instead of with the baseline on disk. */
  readonly updateBaseline?: boolean;
  /** How every network is trained; what it does not say, the budgets file does. */
  readonly trained?: TrainingOptions | undefined;
  /** A time that cannot be told from its limit fails, too. */
  readonly strict?: boolean;
  /** Findings that no network may have, besides those of the file. */
  readonly forbid?: readonly PlacedAudit[];
}

export interface CheckedFile {
  readonly result: CheckResult;
  /** What the networks were compared with: the caller writes it where it is to be updated. */
  readonly baseline: Baseline;
  readonly baselinePath: string;
}

/**
 * Nothing is written.
 * @param path of the budgets file
 * @throws InputError, with the place in the budgets file, for a model or run that cannot be had, a
 * network named twice, and a metric that the run or the baseline does not have
 */
export async function checkFile(
  path: string,
  { updateBaseline, strict, ...how }: CheckSettings = {},
): Promise<CheckedFile> {
  if (path !== STANDARD_INPUT && !existsSync(path))
    throw new InputError(
      `${path}: there is no such file; flopscope check --init writes one, or name yours: flopscope check path/to/budgets.yaml`,
    );
  const file = readBudgets(await readText(path), pathName(path));
  const networks = await countedNetworks(file, path, how);
  const kept = baselinePath(path, file);
  const before = await baselineAt(kept);
  const baseline: Baseline = updateBaseline
    ? new Map([...networks].map(([key, costs]) => [key, baselineOf(costs)]))
    : before;
  const result = checkBudgets(
    path,
    [...networks].map(([key, network]) => ({ ...network, baseline: baseline.get(key) })),
    strict,
  );
  return { result, baseline, baselinePath: kept };
}

/** A network before its baseline is read. */
type Counted = Omit<Budgeted, 'baseline'>;

async function countedNetworks(
  { entries }: BudgetsFile,
  budgets: string,
  how: CheckSettings,
): Promise<ReadonlyMap<string, Counted>> {
  const networks = new Map<string, Counted>();
  await forAll(entries, async (entry) => {
    try {
      const network = await counted(entry, budgets, how);
      const key = keyOf(network.name, network.profile.input);
      if (networks.has(key))
        throw new InputError(`${key} stands here twice: put its limits together, or give one of them another name`);
      networks.set(key, network);
    } catch (error) {
      throw locate(error, entry.place);
    }
  });
  return networks;
}

async function counted(
  { name, model, file, input, batch, run, training: own, limits, forbid }: BudgetEntry,
  budgets: string,
  { trained, forbid: more = [], ...how }: CheckSettings,
): Promise<Counted> {
  const found = await modelNamed(model ?? pathBeside(budgets, file!), how);
  const graph = graphOf(found, batch ?? undefined, input ?? undefined);
  const counts = profile(graph, { source: found.source });
  const audits = [...forbid, ...more.filter(({ audit }) => !forbid.some((one) => one.audit === audit))];
  const asked =
    trained ??
    own ??
    (limits.some(({ metric }) => isTraining(metric)) || audits.some(({ audit }) => isOfTraining(audit)));
  const size = { batch: batch ?? undefined, input: input ?? undefined };
  const step = asked ? trainingStep(found, { ...own, ...trained }, size) : undefined;
  const path = run === null ? '' : pathBeside(budgets, run);
  const timed = run === null ? null : runOf(counts, await readRunFiles([path]), path);
  const timing = timed ? timingOf(timed, counts) : undefined;
  const trainedSubject = audits.some(({ audit }) => isOfTraining(audit)) ? step?.subject().training : undefined;
  const subject = {
    ...{ graph, profile: counts, ...(timing ? { timing } : {}) },
    ...(trainedSubject ? { training: trainedSubject } : {}),
  };
  const findings = checkFindings(name, subject, audits);
  return { name, profile: counts, training: step?.result.training ?? null, run: timed, limits, findings };
}

/** The file that flopscope check reads where none is named. */
const USUAL = 'flopscope.budgets.yaml';

/**
 * Where the baseline of a budgets file is: net.budgets.yaml has net.baseline.json, unless it names
 * another.
 */
const baselinePath = (budgets: string, { baseline }: BudgetsFile): string =>
  baseline === null
    ? `${(budgets === STANDARD_INPUT ? USUAL : budgets).replace(/(\.budgets)?\.(ya?ml|json)$/i, '')}.baseline.json`
    : pathBeside(budgets, baseline);

/** A run of a hundred networks of a thousand layers. */
const MOST_MIB = 50;

/**
 * The baseline at a path, empty where there is no file.
 * @throws InputError for a file that is something else
 */
async function baselineAt(path: string): Promise<Baseline> {
  if (!existsSync(path)) return new Map();
  return readBaseline(await readText(path, MOST_MIB), path);
}
