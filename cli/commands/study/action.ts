// flopscope study: checks a paper's figures against its networks and this device.

import { InputError } from '../../../src/inputError.js';
import { lookup } from '../../../src/lookup.js';
import { nearestNames } from '../../../src/nearest.js';
import type { Screen } from '../../screen.js';
import type { OsaFlags, StudyOptions } from './options.js';

type Study = (options: StudyOptions, screen: Screen) => Promise<void>;

const STUDIES: Readonly<Record<string, () => Promise<Study>>> = {
  'vovnet-tables': async () => (await import('./vovNetTables.js')).studyVoVNetTablesCommand,
  memory: async () => (await import('./memory.js')).studyMemoryCommand,
  osa: async () => (await import('./osa.js')).studyOsaCommand,
};

/** guidelines is a subcommand of study. */
const NAMES = [...Object.keys(STUDIES), 'guidelines'];

const OSA_FLAGS: Readonly<Record<keyof OsaFlags, string>> = {
  image: '--image',
  strides: '--strides',
  osaLayers: '--osa-layers',
};

/**
 * @throws InputError with the studies that there are, and for a flag that the study would ignore
 */
export async function studyCommand(name: string, options: StudyOptions, screen: Screen): Promise<void> {
  const key = name.toLowerCase();
  const load = lookup(STUDIES, key);
  if (!load)
    throw new InputError(`there is no study "${name}"${nearestNames(name, NAMES)}; there are ${NAMES.join(', ')}`);
  for (const [option, flag] of Object.entries(OSA_FLAGS))
    if (key !== 'osa' && options[option as keyof OsaFlags] !== undefined)
      throw new InputError(`${flag} belongs to study osa: leave it out of study ${key}`);
  await (
    await load()
  )(options, screen);
}
