// Loads the networks and run files of a budgets file, from paths relative to its folder.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Budgeted } from '../../../src/budgets/check.js';
import { keyOf, type Baseline } from '../../../src/budgets/baseline.js';
import { runOf } from '../../../src/budgets/sameNetwork.js';
import type { BudgetEntry, BudgetsFile } from '../../../src/records/budgets/readBudgets.js';
import { InputError, locate } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { modelNamed, type NameOptions } from '../../input/model.js';
import { readText } from '../../input/readText.js';
import { readRunFiles } from '../../input/runFiles.js';

/** A network before its baseline is read. */
export type Counted = Omit<Budgeted, 'baseline'>;

/**
 * @throws InputError, with the place in the budgets file, for a model or run that cannot be had,
 * and for one named twice
 */
export async function countedNetworks(
  { entries }: BudgetsFile,
  budgets: string,
  how: NameOptions = {},
): Promise<ReadonlyMap<string, Counted>> {
  const networks = new Map<string, Counted>();
  for (const entry of entries) {
    try {
      const network = await counted(entry, dirname(budgets), how);
      const key = keyOf(network.name, network.profile.input);
      if (networks.has(key))
        throw new InputError(`${key} stands here twice: put its limits together, or give one of them another name`);
      networks.set(key, network);
    } catch (error) {
      throw locate(error, entry.place);
    }
  }
  return networks;
}

async function counted(
  { name, model, file, input, batch, run, limits }: BudgetEntry,
  folder: string,
  how: NameOptions,
): Promise<Counted> {
  const found = await modelNamed(model ?? within(folder, file!), how);
  const counts = profile(graphOf(found, batch ?? undefined, input ?? undefined), { source: found.source });
  if (run === null) return { name, profile: counts, run: null, limits };
  const path = within(folder, run);
  return { name, profile: counts, run: runOf(counts, await readRunFiles([path]), path), limits };
}

const within = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));

/**
 * Where the baseline of a budgets file is: net.budgets.yaml has net.baseline.json, unless it names
 * another.
 */
export const baselinePath = (budgets: string, { baseline }: BudgetsFile): string =>
  baseline === null
    ? `${budgets.replace(/(\.budgets)?\.(ya?ml|json)$/i, '')}.baseline.json`
    : within(dirname(budgets), baseline);

/** A run of a hundred networks of a thousand layers. */
const MOST_MIB = 50;

/**
 * The baseline at a path, empty where there is no file.
 * @throws InputError for a file that is something else
 */
export async function baselineAt(path: string): Promise<Baseline> {
  if (!existsSync(path)) return new Map();
  const { readBaseline } = await import('../../../src/records/budgets/baselineJson.js');
  return readBaseline(await readText(path, MOST_MIB), path);
}
