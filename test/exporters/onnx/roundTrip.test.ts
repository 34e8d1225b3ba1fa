// Is what flopscope writes what it reads? Every built-in network, without weights, and every op.

import { describe, expect, test } from 'vitest';
import { builtIn, builtInNames } from '../../../src/builtIn.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { writerOf } from '../../../src/exporters/onnx/writeOps.js';
import { writeOnnx } from '../../../src/exporters/onnx/writeOnnx.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import type { OpName } from '../../../src/ops/table.js';
import { profile, groupBy } from '../../../src/profile.js';
import { OP_CASES, type OpCase } from '../../engines/opCases.js';

function reread(graph: Graph): Graph {
  const options = { seed: 1, weights: 'none', producer: ['flopscope', 'test'] } as const;
  const bytes = Buffer.concat([...writeOnnx(graph, options).model.pieces()]);
  const { shape } = graph.inputs[0]!;
  return readOnnx(bytesSource(bytes), `${graph.name}.onnx`).build([
    ...shape,
    ...new Array<number>(4 - Math.min(4, shape.length)).fill(1),
  ]);
}

describe('a built-in network that is written and read again has its totals, stage by stage', () => {
  test.each(builtInNames())('%s', (name) => {
    const graph = graphOf(builtIn(name));
    const [ours, own] = [profile(reread(graph)), profile(graph)];
    expect(ours.totals).toEqual(own.totals);
    expect(groupBy(ours.layers, 'stage')).toEqual(groupBy(own.layers, 'stage'));
  });
});

describe('windows of several sizes are written as products with matrices, and read again as the pool that they are', () => {
  test.each([
    [256, 256],
    [224, 256],
    [300, 224],
  ])('vgg11_bn at %ix%i', (h, w) => {
    const graph = graphOf(builtIn('vgg11_bn'), 1, [3, h, w]);
    const made = reread(graph);
    expect(profile(made).totals).toEqual(profile(graph).totals);
    expect(made.nodes.map(({ op }) => op)).toContain('adaptiveAvgPool');
  });
});

/** What becomes an op that is not read, or nothing that computes. */
const NOT_READ: readonly OpName[] = ['roiAlign', 'cast'];
/** Forms that opset 17 has not; the last is written, and its first reshape is taken for the image's when it is read. */
const NOT_WRITTEN = ['padSides: wrap', 'padSides: symmetric', 'cumSum: products', 'groupNorm: of a volume'];
const isRead = ({ graph, title }: OpCase): boolean =>
  graph.nodes.every(({ op }) => writerOf(op) && !NOT_READ.includes(op)) && !NOT_WRITTEN.includes(title);

describe('an op that is written and read again has its multiply-adds and shape', () => {
  test.each(OP_CASES.filter(isRead))('$title', ({ graph }) => {
    const made = reread(graph);
    expect(profile(made).totals.multAdds).toBe(profile(graph).totals.multAdds);
    const shapes = (of: Graph) =>
      of.outputs.map((output) => of.nodes.find(({ name }) => name === output)?.shape ?? of.inputs[0]!.shape);
    expect(shapes(made)).toEqual(shapes(graph));
  });
});
