// The model that a name means: built in, a file, a file of a git revision, or a detector on one.

import { existsSync } from 'node:fs';
import { builtIn, builtInName, isBuiltIn } from '../builtIn.js';
import type { ReadOptions } from '../importers/modelFile.js';
import { forAll, InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { STANDARD_INPUT } from './standardInput.js';
import { distinct } from './distinctNames.js';
import type { AtRevision } from './gitFile.js';

/** What looks like a path rather than a name: a slash, or an ending. */
const PATH = /[/\\]|\.[A-Za-z][A-Za-z0-9]*$/;
/**
 * A detector, its fields where it is given any, and what it stands on. A path has a slash or a dot
 * before its first @.
 */
const ON_BACKBONE = /^([A-Za-z][\w-]*)(:[^@]*)?@(.+)$/s;

export interface NameOptions extends ReadOptions {
  /** Names that a command accepts beside models. A mistyped name may mean one of them. */
  readonly others?: readonly string[];
}

/**
 * @throws InputError for an unknown name, with the nearest ones, and for a file that cannot be read
 * or understood
 */
export async function modelNamed(name: string, options: NameOptions = {}): Promise<Model> {
  if (isBuiltIn(name)) return builtIn(name);
  const before = existsSync(name) ? undefined : await versionBefore(name);
  if (before !== undefined) return modelBefore(name, before, options);
  const [, detector, given = '', backbone] = ON_BACKBONE.exec(name) ?? [];
  if (detector !== undefined && backbone !== undefined) return modelOn(detector, given, backbone, options);
  if (name === STANDARD_INPUT || PATH.test(name) || existsSync(name)) return modelInFile(name, options);
  if (builtInName(name) === undefined) await refuseDetector(name);
  return builtIn(name, options.others);
}

/**
 * REVISION:FILE, where the file looks like a path; undefined otherwise. Fields of a detector follow
 * a colon, too.
 */
async function versionBefore(name: string): Promise<AtRevision | undefined> {
  if (!name.includes(':') || !PATH.test(name)) return undefined;
  const { atRevision } = await import('./gitFile.js');
  const found = atRevision(name);
  if (found === undefined || !PATH.test(found.path) || found.path.includes('=')) return undefined;
  const { detectorNames } = await import('../detectors/table.js');
  return detectorNames().some((detector) => found.revision === detector || found.revision.startsWith(`${detector}@`))
    ? undefined
    : found;
}

/** No runtime can run the file itself: it is not on disk. */
async function modelBefore(name: string, before: AtRevision, options: ReadOptions): Promise<Model> {
  const [{ fileAtRevision }, { readModel }] = await Promise.all([
    import('./gitFile.js'),
    import('../importers/readModel.js'),
  ]);
  return { ...(await readModel(fileAtRevision(name, before), options)), fileAt: () => undefined };
}

/** A detector counts nothing without a backbone. */
async function refuseDetector(name: string): Promise<void> {
  const { detectorNames } = await import('../detectors/table.js');
  const detector = detectorNames().find((known) => known === name.toLowerCase());
  if (detector !== undefined)
    throw new InputError(
      `${detector} is a detector and needs a backbone: write ${detector}@BACKBONE, as in ${detector}@vovnet39`,
    );
}

/**
 * Several models, under names that differ where they are different files.
 * @throws InputError as `modelNamed` does, for all names together
 */
export async function modelsNamed(names: readonly string[], options: NameOptions = {}): Promise<readonly Model[]> {
  return distinct(await forAll(names, (name) => modelNamed(name, options)), names);
}

async function modelInFile(path: string, options: ReadOptions): Promise<Model> {
  const [{ withModelFile }, { readModel }] = await Promise.all([
    import('./openFile.js'),
    import('../importers/readModel.js'),
  ]);
  return withModelFile(path, (file) => readModel(file, options));
}

async function modelOn(detector: string, given: string, backbone: string, options: ReadOptions): Promise<Model> {
  const { detectorNames, detectorOn } = await import('../detectors/table.js');
  if (PATH.test(backbone) && !detectorNames().includes(detector))
    throw new InputError(
      `there is no detector "${detector}", only ${detectorNames().join(', ')}; for a file of that name write ./${detector}${given}@${backbone}`,
    );
  if (ON_BACKBONE.test(backbone))
    throw new InputError(`${backbone} is a detector, and ${detector} needs a backbone: name one detector`);
  return detectorOn(detector + given, await modelNamed(backbone, options));
}
