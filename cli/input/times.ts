// Reads the file of --times, and says on stderr which of its rows are left out.

import { namedModels, timedModels, type TimedModel } from '../../src/files/timedModels.js';
import type { Screen } from '../screen.js';
import { sizeIn } from './model.js';

export interface TimesFlags {
  readonly batch: readonly (number | undefined)[];
  readonly input?: string;
  readonly skipUnknown: boolean;
}

/** @param names of model files that rows may refer to */
export async function timesIn(
  file: string,
  names: readonly string[],
  { batch, input, skipUnknown }: TimesFlags,
  screen: Screen,
): Promise<readonly TimedModel[]> {
  const size = input === undefined ? undefined : sizeIn(input);
  const { timed, omissions } = await timedModels(file, await namedModels(names), { batch, input: size, skipUnknown });
  for (const sentence of omissions) screen.err(`${sentence}\n`);
  return timed;
}
