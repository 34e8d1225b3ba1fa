// Reads the models that torch.export.save writes (.pt2), without their weights.

import type { Graph } from '../../graph.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import { baseName } from '../fileName.js';
import { modelOfFile, inFile } from '../kit/fileModel.js';
import { demandNone } from '../kit/omissions.js';
import { openArchive } from '../zip/archive.js';
import type { ByteSource } from '../modelFile.js';
import { programText } from './archive.js';
import { sizesOf } from './bindings.js';
import { graphAt, prepared, type Prepared } from './convertProgram.js';
import { readProgram } from './readProgram.js';
import { rowOf } from './table.js';

export interface ReadOptions {
  /** Leave out unknown ops, and ops whose shapes depend on those. */
  readonly allowUnknown?: boolean;
}

/**
 * @param fileName starts every message; its base name is the model's
 * @throws InputError of one sentence, naming the node where there is one, here and from the model's
 * `build`
 */
export function readPt2(source: ByteSource, fileName: string, options: ReadOptions = {}): Model {
  const program = inFile(fileName, () => prepare(source, baseName(fileName), options));
  return modelOfFile(
    {
      name: program.name,
      source: 'pt2',
      sides: imageSides(program),
      partial: options.allowUnknown ?? false,
      build: (shape: Shape): Graph => graphAt(program, shape),
    },
    fileName,
  );
}

function prepare(source: ByteSource, name: string, options: ReadOptions): Prepared {
  const program = prepared(readProgram(programText(openArchive(source))), name, options);
  if (!options.allowUnknown)
    demandNone(
      program.calls.filter(({ op }) => !rowOf(op)).map(({ op, name: call }) => ({ op, name: call })),
      'node',
    );
  return program;
}

/** An open batch is one image. Other open sides have the size of the export's example. */
const imageSides = ({ program, image }: Prepared): readonly (number | undefined)[] =>
  sizesOf(program, image).map((size, i) => {
    if (typeof size === 'number') return size;
    return i > 0 && size.kind === 'symbol' ? program.hints.get(size.name) : undefined;
  });
