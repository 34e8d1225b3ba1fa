// Finds the exported program in an archive of PyTorch, or says what the archive is instead.

import { InputError } from '../../inputError.js';
import type { Archive } from '../zip/archive.js';
import { EXPORT, kindOfArchive, OLD_PROGRAM, PROGRAM } from './members.js';

/** The largest program that is read: about ten thousand ops with the stack traces of torch. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The JSON of the program.
 * @throws InputError saying what the archive is instead, and how to get one that is read
 */
export function programText(archive: Archive): string {
  const names = archive.members.map(({ name }) => name);
  const old = names.find((name) => OLD_PROGRAM.test(name));
  const models = names.filter((name) => PROGRAM.test(name));
  const model = old ?? models.find((name) => PROGRAM.exec(name)![1] === 'model') ?? models[0];
  if (model === undefined) throw new InputError(`it is ${kindOfArchive(names)}: run ${EXPORT} and give that file`);
  return archive.text(model, MOST_BYTES);
}
