// Reads a file of any kind as a model. Its first bytes tell the kind, not its ending.

import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { FORMATS, type FileFormat, type Head } from './formats.js';
import { headOf, type ModelFile, type ReadOptions } from './modelFile.js';
import { otherKindIn, surelyOtherKind } from './otherKinds.js';

/**
 * @throws InputError of one sentence: what the file seems to be, and how to get one that is read
 */
export async function readModel(file: ModelFile, options: ReadOptions = {}): Promise<Model> {
  return formatOf(file).read(file, options);
}

/** @throws InputError for a file of no kind that is read */
export function formatOf(file: ModelFile): FileFormat {
  if (file.source.size === 0) throw new InputError(`${file.name}: it is empty`);
  const bytes = headOf(file);
  const head: Head = { bytes, text: new TextDecoder().decode(bytes) };
  const other = surelyOtherKind(head);
  const found = other === undefined ? FORMATS.find((format) => format.matches(head, file)) : undefined;
  if (found) return found;
  throw new InputError(
    `${file.name}: ${other ?? otherKindIn(head, file.name) ?? 'it is of no kind that flopscope reads'}: ${READ}`,
  );
}

const READ = 'flopscope list --formats shows what is read';
