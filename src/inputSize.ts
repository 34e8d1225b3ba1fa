// What a network is given at once: how many images, and the sides of one.

import { isNumber } from './dim/dim.js';
import type { Graph } from './graph.js';
import type { Shape } from './shape.js';

export interface InputSize {
  /** Images. */
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  /** All sides of the input as the file has them; absent where they are [n, c, h, w]. */
  readonly sides?: readonly number[] | undefined;
}

/** [c, h, w]: an image without a batch side. */
const SIDES_OF_AN_IMAGE = 3;

/**
 * A file may take a single image of three sides and put it into a batch of one itself: the first op
 * that adds a side to the image puts a 1 before it.
 */
export function hasBatchSide({ inputs: [image], nodes }: Pick<Graph, 'inputs' | 'nodes'>): boolean {
  if (!image || image.shape.length !== SIDES_OF_AN_IMAGE || image.shape[0] === 1) return true;
  const sides = image.shape.length;
  const same = new Set([image.name]);
  for (const { name, inputs, shape } of nodes) {
    if (!inputs.some((input) => same.has(input))) continue;
    if (shape.length === sides) same.add(name);
    else if (shape.length > sides) return shape[0] !== 1;
  }
  return true;
}

/** Images that a graph runs at once; its sizes are numbers. */
export const batchOf = (graph: Pick<Graph, 'inputs' | 'nodes'>): number => {
  const side = hasBatchSide(graph) ? graph.inputs[0]?.shape[0] : 1;
  return side !== undefined && isNumber(side) ? side : 1;
};

/** @param shape of the image, all numbers */
export function inputSizeOf(graph: Pick<Graph, 'inputs' | 'nodes'>, shape: readonly number[]): InputSize {
  const batched: Shape = hasBatchSide(graph) ? shape : [1, ...shape];
  const [n = 1, c = 1, h = 1, w = 1] = batched as readonly number[];
  return { n, c, h, w, ...(shape.length === 4 ? {} : { sides: shape }) };
}

/** Of the whole input: "1x3x224x224", or as the file has it. */
export const allSides = ({ n, c, h, w, sides }: InputSize): readonly number[] => sides ?? [n, c, h, w];

/** Of one image: "3x224x224", or as the file has it without its batch. */
export function imageSides({ n, c, h, w, sides }: InputSize): readonly number[] {
  if (sides === undefined) return [c, h, w];
  return [n, c, h, w].slice(0, sides.length).every((side, i) => side === sides[i]) ? sides.slice(1) : sides;
}
