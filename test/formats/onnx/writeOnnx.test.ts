// Does onnxruntime compute what our engines compute? Every op with every option, and a small member of every family.

import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import { symbol } from '../../../src/dim/dim.js';
import { openEngine } from '../../../src/engines/open.js';
import { graphOf } from '../../../src/model.js';
import { OPS } from '../../../src/ops/table.js';
import { graphOfMember, MEMBERS } from '../../engines/members.js';
import { OP_CASES } from '../../engines/opCases.js';
import { interpret } from '../../engines/reference.js';
import { bytesOf, outputsOf, SEED, written } from './onnxruntime.js';

describe('onnxruntime computes what the definition says', () => {
  it('of every op', () => {
    expect(new Set(OP_CASES.map(({ op }) => op))).toEqual(new Set(Object.keys(OPS)));
  });

  it.each(OP_CASES)('$title', async ({ graph }) => {
    const expected = interpret(graph, SEED);
    const results = await outputsOf(bytesOf(written(graph).model.pieces()), graph);
    expect([...results.keys()].sort()).toEqual([...graph.outputs].sort());
    for (const [name, { shape, values }] of results) {
      expect(shape).toEqual(expected.get(name)!.shape);
      expect(distance(values, expected.get(name)!.values)).toBeLessThan(1e-4);
    }
  });
});

describe('onnxruntime computes what the cpu engine does', () => {
  it.each(MEMBERS)('$variant at $side', async (member) => {
    const graph = graphOfMember(member);
    const opened = await openEngine('cpu');
    if (!opened.available) expect.fail(opened.problem);
    const executable = await opened.engine.load(graph, { seed: SEED });
    const outputs = await executable.outputs();
    executable.dispose();
    const results = await outputsOf(bytesOf(written(graph).model.pieces()), graph);
    for (const { name, shape, values } of outputs) {
      expect(results.get(name)!.shape).toEqual(shape);
      expect(distance(results.get(name)!.values, values)).toBeLessThan(1e-4);
    }
  });
});

/** The largest difference, relative to the largest value. */
function distance(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(values.length).toBe(expected.length);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(values[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  expect(largest).toBeGreaterThan(0);
  return difference / largest;
}
