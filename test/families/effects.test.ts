// Is a field refused exactly where it has no effect? Each field of random configs is changed, and the graphs are compared.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disagreements, whyWithoutEffect } from '../../src/agreement.js';
import { Builder } from '../../src/builder.js';
import type { Family } from '../../src/families/family.js';
import { FAMILIES } from '../../src/families/table.js';
import type { Field } from '../../src/fields.js';
import type { Graph } from '../../src/graph.js';
import { InputError } from '../../src/inputError.js';

type Held = Readonly<Record<string, unknown>>;

/** Where sizes could agree by chance. PeleeNet's 1x1 convolutions never pass half of their input: with these no width is cut off. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  'peleenet.growth': [8, 16],
  'peleenet.stem': [64, 128],
  'peleenet.bottleneckWidth': [1, 2],
  // Another number of channels than any stage puts out, so that half of the one is not half of the other.
  'vovnet.growth': [16, 24],
};

/** What a field is changed to. */
function choices(field: Field<unknown>, sizes: readonly number[] = [32, 48]): readonly unknown[] {
  switch (field.kind) {
    case 'choice':
      return field.options!;
    case 'flag':
      return [true, false];
    case 'ratio':
      return [0.5, 0.75, 1];
    case 'pair':
      return [
        [3, 3],
        [5, 5],
      ];
    case 'size':
      return field.least === 0 ? [0, ...sizes] : sizes;
    default:
      return field.least === 0 ? [0, 1, 2] : [1, 2];
  }
}

/** Lists go on for as long as the longest that they go with. */
const LONGEST = 8;
const value = (field: Field<unknown>, sizes?: readonly number[]): fc.Arbitrary<unknown> =>
  field.item
    ? fc.array(fc.constantFrom(...choices(field.item, sizes)), { minLength: LONGEST, maxLength: LONGEST })
    : fc.constantFrom(...choices(field, sizes));

/** Every field given, each list as long as it must be. */
const configOf = ({ name, fields }: Family): fc.Arbitrary<Held> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.record(Object.fromEntries(Object.entries(fields).map(([key, f]) => [key, value(f, SIZES[`${name}.${key}`])]))),
    )
    .map(([stages, held]) => {
      const lengthOf = ({ length, per }: Field<unknown>): number =>
        length ?? (per?.summed === true ? sum((held[per.key] as number[]).slice(0, stages)) : stages);
      return Object.fromEntries(
        Object.entries(fields).map(([key, field]) => [
          key,
          field.item ? (held[key] as unknown[]).slice(0, lengthOf(field)) : within(field, held[key], stages),
        ]),
      );
    });
const sum = (items: readonly number[]): number => items.reduce((all, item) => all + item, 0);
const within = (field: Field<unknown>, held: unknown, stages: number): unknown =>
  field.within === undefined ? held : Math.min(held as number, stages);

function built(family: Family, held: Held): Graph | undefined {
  const needless = Object.fromEntries(Object.entries(family.fields).map(([key, { needs: _, ...f }]) => [key, f]));
  if (disagreements(needless, held).length > 0) return undefined;
  const net = Builder.start();
  try {
    return net.finish('', family.build(net, net.input([1, 3, 256, 256]), held));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Whether any other value of the field, or of one of its items, makes another network or none. */
function hasEffect(family: Family, held: Held, key: string, graph: Graph): boolean {
  const field = family.fields[key]!;
  const sizes = SIZES[`${family.name}.${key}`];
  const texts = (changed: unknown): string => JSON.stringify(built(family, { ...held, [key]: changed }));
  const items = held[key] as readonly unknown[];
  const changes = field.item
    ? items.flatMap((_, i) => choices(field.item!, sizes).map((to) => items.map((old, j) => (j === i ? to : old))))
    : choices(field, sizes);
  const own = JSON.stringify(graph);
  return changes.some((changed) => texts(changed) !== own);
}

describe.each(FAMILIES.map((family) => [family.name, family] as const))('%s', (_, family) => {
  test('a field is refused exactly where it has no effect', () => {
    fc.assert(
      fc.property(configOf(family), (held) => {
        const graph = built(family, held);
        fc.pre(graph !== undefined);
        const idle = Object.keys(family.fields).filter((key) => !hasEffect(family, held, key, graph));
        const refused = Object.keys(family.fields).filter(
          (key) => whyWithoutEffect(family.fields, held, key) !== undefined,
        );
        expect(refused).toEqual(idle);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
