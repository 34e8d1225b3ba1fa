// flopscope study: do a paper's figures follow from its networks, and what are they on this device?

import { InputError } from '../../src/inputError.js';
import { nearest } from '../../src/nearest.js';
import type { Screen } from '../screen.js';
import type { StudyOptions } from '../studyOptions.js';

type Study = (options: StudyOptions, screen: Screen) => Promise<void>;

const STUDIES: Readonly<Record<string, () => Promise<Study>>> = {
  'vovnet-tables': async () => (await import('./studyVoVNetTables.js')).studyVoVNetTables,
};

/** @throws InputError with the studies that there are */
export async function studyCommand(name: string, options: StudyOptions, screen: Screen): Promise<void> {
  const key = name.toLowerCase();
  const load = Object.hasOwn(STUDIES, key) ? STUDIES[key] : undefined;
  if (!load)
    throw new InputError(
      `there is no study "${name}"; did you mean ${nearest(name, Object.keys(STUDIES), 1)[0]!}? There is ${Object.keys(STUDIES).join(', ')}`,
    );
  await (
    await load()
  )(options, screen);
}
