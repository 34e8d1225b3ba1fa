// Finds weights that a file stores twice, as they are or transposed: tied weights of an export.

import type { StoredCopy } from '../../graph.js';
import type { ByteSource } from '../modelFile.js';
import type { OnnxTensor } from './messages.js';
import { bytesOf, isReal } from './tensors.js';

/** Smaller tensors are not worth a finding, and may be equal by chance. */
const FEWEST = 1024;
/** Elements that are compared, spread over the tensor. */
const COMPARED = 1024;
/** Different tensors with equal shapes and ends, which trained weights do not have. */
const MOST_ALIKE = 8;
/** Reads of one file, a few bytes each. Tensors behind them are not looked at. */
const MOST_READS = 2 ** 18;

interface Weights {
  readonly name: string;
  readonly elements: number;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** The bytes of element i, as text. */
  readonly at: (i: number) => string;
}

/**
 * Weights inside of the file that equal earlier ones in 1,024 places. All the same number is no
 * copy: that is how parameters begin.
 */
export function storedTwice(source: ByteSource, tensors: readonly OnnxTensor[]): readonly StoredCopy[] {
  const groups = new Map<string, Weights[]>();
  let reads = 0;
  const isSpent = (): boolean => reads > MOST_READS;
  const read = (at: number, size: number): string => {
    reads++;
    return source.read(at, size).join();
  };
  for (const tensor of tensors) {
    const weights = weightsOf(read, tensor);
    if (!weights || isSpent()) continue;
    // A transpose leaves the first and the last element where they are.
    const ends = [weights.at(0), weights.at(weights.elements - 1)];
    const key = [weights.dataType, ...[...weights.dims].sort((a, b) => a - b), ...ends].join(' ');
    const group = groups.get(key);
    if (group) group.push(weights);
    else groups.set(key, [weights]);
  }
  return [...groups.values()].flatMap((group) => copiesIn(group, isSpent));
}

function copiesIn(group: readonly Weights[], isSpent: () => boolean): readonly StoredCopy[] {
  const originals: Weights[] = [];
  return group.flatMap((one) => {
    if (isSpent()) return [];
    const original = originals.find((earlier) => isCopy(earlier, one) || isTransposed(earlier, one));
    if (original) return [{ id: one.name, of: original.name, elements: one.elements }];
    if (originals.length < MOST_ALIKE && !isConstant(one)) originals.push(one);
    return [];
  });
}

const isCopy = (a: Weights, b: Weights): boolean =>
  String(a.dims) === String(b.dims) && everywhere(a, (i) => a.at(i) === b.at(i));

/** Element [r, c] of one is element [c, r] of the other. */
function isTransposed(a: Weights, b: Weights): boolean {
  const [rows, columns] = a.dims;
  if (a.dims.length !== 2 || b.dims[0] !== columns || b.dims[1] !== rows) return false;
  return everywhere(a, (i) => a.at(i) === b.at((i % columns!) * rows! + Math.floor(i / columns!)));
}

function isConstant(one: Weights): boolean {
  const first = one.at(0);
  return everywhere(one, (i) => one.at(i) === first);
}

/** Whether it holds in places that are spread: an odd step visits all columns of an even number. */
function everywhere({ elements }: Weights, holds: (i: number) => boolean): boolean {
  const step = 2 * Math.floor(elements / COMPARED / 2) + 1;
  for (let k = 0; k < COMPARED; k++) if (!holds((k * step) % elements)) return false;
  return true;
}

function weightsOf(
  read: (at: number, size: number) => string,
  { name = '', dims, dataType = 0, rawData }: OnnxTensor,
): Weights | undefined {
  const size = bytesOf(dataType);
  const elements = dims.reduce((all, side) => all * side, 1);
  const isMatrix = dims.length > 1 && elements >= FEWEST && Number.isSafeInteger(elements);
  if (!isReal(dataType) || size === undefined || !isMatrix || rawData?.length !== elements * size) return undefined;
  const { start } = rawData;
  if (start === undefined) return undefined;
  return { name, elements, dims, dataType, at: (i) => read(start + i * size, size) };
}
