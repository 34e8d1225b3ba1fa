// The rules of an item of `layers`: an op or a block with fields, name, sources, repeats, stage.

import * as z from 'zod';
import type { Block } from '../../blocks/block.js';
import { BLOCKS } from '../../blocks/table.js';
import { count, text, type Field, type Fields } from '../../fields.js';
import { OPS } from '../../ops/table.js';
import type { Op } from '../../ops/op.js';
import type { Config } from '../../model.js';
import { shown, type Path, type Problem } from '../../document/problem.js';
import { check, unknown, type Mapping } from '../../document/check.js';
import { name, shapeOf } from '../../document/rules.js';

/** The name of the graph's input in a config. */
export const INPUT = 'input';
const MOST_REPEATS = 10_000;

/** Ops and blocks share one namespace: in a config both are layers. */
export const KINDS: Readonly<Record<string, Op | Block>> = {
  ...readers(OPS),
  ...BLOCKS,
};

/** An op that reads nothing has no place in a list where each reads the one before. */
function readers(ops: Readonly<Record<string, Op>>): Readonly<Record<string, Op>> {
  return Object.fromEntries(Object.entries(ops).filter(([, { arity }]) => arity[1] > 0));
}

export const REPEAT: Field<number> = {
  ...count('how often it is repeated, each on the output of the one before', 1),
  most: MOST_REPEATS,
};

const BESIDE: Fields = {
  name: text('what other layers call it; conv1, conv2, osa1 ... where there is none'),
  repeat: REPEAT,
  stage: text('part of the network; it holds until another layer names the next'),
};

const FROM = z.union([name, z.array(name).min(1)]).meta({
  description: 'name or names of earlier layers that it reads; "input" is the image; default: the layer before',
});
const PHRASES = { from: "an earlier layer's name, or a list of such names" };

/** What may stand beside every op and block. */
export const besideRule = z.strictObject({ ...shapeOf(BESIDE), from: FROM }).partial();

/** One item of `layers`. */
export interface Layer {
  readonly kind: string;
  /** The fields of the kind that it sets. */
  readonly fields: Config;
  readonly name?: string;
  readonly from?: readonly string[];
  readonly repeat?: number;
  readonly stage?: string;
}

/** The fields of an op or block. */
export const fieldsRule = (kind: string): z.ZodObject => z.strictObject(shapeOf(KINDS[kind]!.fields));

/** Rules are made once for each kind: a network repeats a few kinds many times. */
const mappings = new Map<string, readonly [Mapping, Mapping]>();

function mappingsOf(kind: string): readonly [Mapping, Mapping] {
  const known = mappings.get(kind);
  if (known) return known;
  const rule = besideRule.extend({ [kind]: z.unknown() });
  const beside = { owner: `the layer ${kind}`, fields: BESIDE, phrases: PHRASES, rule };
  const own = { owner: kind, prefix: `${kind}.`, fields: KINDS[kind]!.fields, rule: fieldsRule(kind) };
  mappings.set(kind, [beside, own]);
  return [beside, own];
}

/** The layer of an item, or the item's problems. */
export function readLayer(item: unknown, path: Path): Layer | readonly Problem[] {
  const data = typeof item === 'string' ? { [item]: {} } : item;
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return [{ message: `a layer is an op or block with its fields, as in { relu: {} }, not ${shown(item)}`, path }];
  const words = Object.keys(data).filter((key) => !Object.hasOwn(besideRule.shape, key));
  const known = words.filter((word) => Object.hasOwn(KINDS, word));
  const [kind] = known;
  if (kind === undefined) return [unknownLayer(words, path)];
  if (known.length > 1)
    return [
      {
        message: `a layer is one op or block, this one is ${known.join(' and ')}: make them ${known.length} items`,
        path,
      },
    ];
  const { [kind]: given, from, ...beside } = data as Readonly<Record<string, unknown>>;
  const [around, own] = mappingsOf(kind);
  const problems = [...check(around, data, path), ...check(own, given ?? {}, [...path, kind])];
  if (problems.length > 0) return problems;
  const names = from === undefined ? {} : { from: typeof from === 'string' ? [from] : (from as string[]) };
  return { kind, fields: (given ?? {}) as Config, ...names, ...beside };
}

function unknownLayer(words: readonly string[], path: Path): Problem {
  const [word] = words;
  if (word === undefined)
    return { message: 'this layer names no op or block: add one with its fields, as in { relu: {} }', path };
  return { message: unknown('there is no op or block', word, Object.keys(KINDS)), path: [...path, word], onKey: true };
}
