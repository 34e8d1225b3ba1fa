// Finds the exported program in an archive of PyTorch, or says what the archive is instead.

import { InputError } from '../../inputError.js';
import type { Archive } from '../zip/archive.js';

/** A network of ten thousand ops, with the stack traces that torch keeps. */
const MOST_BYTES = 64 * 2 ** 20;

/** What gives a file that is read. */
export const HOW_TO_EXPORT = "torch.export.save(torch.export.export(model, (x,)), 'model.pt2')";

/** What torch 2.1 to 2.7 wrote at the root, and what later ones write into a folder of the file's name. */
const OLD_PROGRAM = /^(?:[^/]+\/)?serialized_exported_program\.json$/;
const PROGRAM = /^(?:[^/]+\/)?models\/([^/]+)\.json$/;
const FORMAT = /^(?:[^/]+\/)?archive_format$/;

type Names = readonly string[];
const namesOf = ({ members }: Archive): Names => members.map(({ name }) => name);
const some = (names: Names, pattern: RegExp): boolean => names.some((name) => pattern.test(name));

/** Whether torch.export.save wrote the archive. */
export const isExported = (archive: Archive): boolean => {
  const names = namesOf(archive);
  return some(names, OLD_PROGRAM) || some(names, FORMAT);
};

/** Whether another function of PyTorch wrote it. */
export const isOfTorch = (archive: Archive): boolean => some(namesOf(archive), /^(?:[^/]+\/)?(?:data|constants)\.pkl$/);

/**
 * The JSON of the program.
 * @throws InputError saying what the archive is instead, and how to get one that is read
 */
export function programText(archive: Archive): string {
  const names = namesOf(archive);
  const old = names.find((name) => OLD_PROGRAM.test(name));
  const models = names.filter((name) => PROGRAM.test(name));
  const model = old ?? models.find((name) => PROGRAM.exec(name)![1] === 'model') ?? models[0];
  if (model === undefined) throw new InputError(`it is ${kindOf(names)}: run ${HOW_TO_EXPORT} and give that file`);
  return archive.text(model, MOST_BYTES);
}

/** What an archive without a program is. Nothing in it is unpickled. */
export function kindOf(names: Names): string {
  const within = (pattern: string): boolean => some(names, new RegExp(`^(?:[^/]+/)?${pattern}`));
  if (within('data/aotinductor/')) return 'code that AOTInductor compiled, which holds no graph';
  if (within('code/')) return 'a TorchScript archive (torch.jit.save), which holds code and no shapes';
  if (within('data\\.pkl$'))
    return 'what torch.save writes (a state dictionary or a pickled module), which holds weights and no graph';
  return 'a zip archive without an exported program';
}
