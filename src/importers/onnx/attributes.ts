// Attributes of a node, read by name and kind, with the default that ONNX gives.

import { InputError } from '../../inputError.js';
import { clipped } from '../../document/problem.js';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './messages.js';
import { MOST_NUMBERS } from '../protobuf/readMessage.js';

export class Attributes {
  private readonly byName: ReadonlyMap<string, OnnxAttribute>;

  constructor({ attribute }: Pick<OnnxNode, 'attribute'>) {
    this.byName = new Map(attribute.map((one) => [one.name ?? '', one]));
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** @throws InputError for a number that is no whole one of at most 2^53 */
  int(name: string, otherwise: number): number {
    const found = this.byName.get(name);
    return found ? whole(name, found.i ?? 0) : otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    const found = this.byName.get(name);
    if (!found) return undefined;
    if (found.ints.length > MOST_NUMBERS) throw new InputError(`the attribute ${clipped(name)} has too many numbers`);
    return found.ints.map((value) => whole(name, value));
  }

  float(name: string, otherwise: number): number {
    const found = this.byName.get(name);
    return found ? (found.f ?? 0) : otherwise;
  }

  floats(name: string): readonly number[] | undefined {
    return this.byName.get(name)?.floats;
  }

  text(name: string, otherwise: string): string {
    return this.byName.get(name)?.s ?? otherwise;
  }

  tensor(name: string): OnnxTensor | undefined {
    return this.byName.get(name)?.t;
  }

  /** Attributes that hold a graph of their own: a branch, a loop's body. */
  get graphs(): boolean {
    return [...this.byName.values()].some(({ g, graphs }) => g !== undefined || graphs.length > 0);
  }
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) || Math.abs(value) === Infinity) return value;
  throw new InputError(`the attribute ${clipped(name)} is ${value}, which is not a whole number`);
}
