// Counts the networks below a folder, for a budgets file of what they cost today.

import { sep } from 'node:path';
import { InputError } from '../inputError.js';
import { profileOf } from '../model.js';
import { counted } from '../plural.js';
import type { TodaysNetwork } from '../records/budgets/writeBudgets.js';
import { modelFiles } from './modelFiles.js';
import { modelNamed, type NameOptions } from './modelNamed.js';

const MOST_NETWORKS = 50;
/** The most files with common endings that are read to see whether they are networks. */
const MOST_CANDIDATES = 500;

export interface NetworksBelow {
  readonly networks: readonly TodaysNetwork[];
  /** One sentence for each file that is a network by its ending and cannot be counted. */
  readonly leftOut: readonly string[];
}

/**
 * @param remedy what to do instead, for messages
 * @throws InputError for a folder without networks, or with too many files or networks
 */
export async function networksBelow(folder: string, options: NameOptions, remedy: string): Promise<NetworksBelow> {
  const files = modelFiles(folder);
  if (files === undefined || files.length > MOST_CANDIDATES)
    throw new InputError(`${folder}: holds too many files to look for networks in them: ${remedy}`);
  const networks: TodaysNetwork[] = [];
  const leftOut: string[] = [];
  for (const { path: file, sure } of files) {
    try {
      const model = await modelNamed(`${folder}${sep}${file}`, options);
      networks.push({ file, profile: profileOf(model) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (sure) leftOut.push(error.message);
    }
  }
  if (networks.length === 0)
    throw new InputError(
      leftOut[0] === undefined
        ? `${folder}: no network is in this folder: ${remedy}`
        : `no network in ${folder} can be counted: ${leftOut[0]}`,
    );
  if (networks.length > MOST_NETWORKS)
    throw new InputError(`${folder}: ${counted(networks.length, 'network')} are in this folder: ${remedy}`);
  return { networks, leftOut };
}
