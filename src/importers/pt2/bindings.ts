// What the symbols of an exported program are at a given image.

import { isNumber, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import type { Shape } from '../../shape.js';
import type { Program, Size } from './program.js';
import { sizeOf, solved, type Bindings } from './sizes.js';

export interface Bound {
  readonly bindings: Bindings;
  /** Sides of the image that the program fixes at another size. */
  readonly changed: readonly number[];
}

/**
 * @param image the name of the tensor whose sides are given
 * @throws InputError where the program does not take a side
 */
export function bindingsAt(program: Program, image: string, shape: Shape): Bound {
  const bindings = new Map<string, Dim>();
  const changed: number[] = [];
  const sizes = sizesOf(program, image);
  // Sides that are one symbol come first: they bind the symbols of the other sides.
  const order = sizes.map((_, i) => i).sort((a, b) => complexity(sizes[a]!) - complexity(sizes[b]!));
  for (const i of order) if (!fits(sizes[i]!, shape[i]!, bindings)) changed.push(i);
  for (const [name, value] of bindings) demandInRange(program, name, value);
  for (const [name, hint] of program.hints) if (!bindings.has(name)) bindings.set(name, hint);
  return { bindings, changed: changed.sort((a, b) => a - b) };
}

const complexity = (size: Size): number => (typeof size === 'number' ? 0 : size.kind === 'symbol' ? 1 : 2);

export function sizesOf(program: Program, name: string): readonly Size[] {
  const tensor = program.tensors.get(name);
  if (tensor) return tensor.sizes;
  throw new InputError(`its exported program does not say what ${JSON.stringify(name)} is: export the model again`);
}

/** Binds the open symbol of a size to the side. Without one, returns whether the two are equal. */
function fits(size: Size, side: Dim, bindings: Map<string, Dim>): boolean {
  if (typeof size === 'number') return size === side;
  const found = solved(size, bindings, side);
  if (found) bindings.set(found.name, found.value);
  if (found) return true;
  const own = sizeOf(size, bindings);
  return isNumber(own) && isNumber(side) ? own === side : true;
}

/**
 * torch writes 2 as the least size of an open side, because a side of 1 may be broadcast. The
 * counts hold for 1 too.
 */
const LEAST_OPEN = 2;

function demandInRange({ ranges }: Program, name: string, value: Dim): void {
  const range = ranges.get(name);
  if (!range || !isNumber(value)) return;
  const least = range.least <= LEAST_OPEN ? 1 : range.least;
  if (value < least || value > range.most)
    throw new InputError(
      `its size ${name} is ${least} to ${range.most === Infinity ? 'any larger one' : range.most} and not ${value}: give another --input or --batch, or export it for that size`,
    );
}

/** The sides of a tensor of the program. */
export const shapeAt = (program: Program, name: string, bindings: Bindings): Shape =>
  sizesOf(program, name).map((size) => (typeof size === 'number' ? size : sizeOf(size, bindings)));
