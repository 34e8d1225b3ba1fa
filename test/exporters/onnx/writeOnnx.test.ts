// Does onnxruntime compute what our engines compute? Every op with every option, and a small member of every family.

import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import { symbol } from '../../../src/dim/dim.js';
import { openEngine } from '../../../src/engines/open.js';
import { graphOf } from '../../../src/model.js';
import { kernelOf } from '../../../src/engines/kernels/table.js';
import { writerOf } from '../../../src/exporters/onnx/writeOps.js';
import { OPS, type OpName } from '../../../src/ops/table.js';
import { graphOfMember, MEMBERS } from '../../engines/members.js';
import { OP_CASES, type OpCase } from '../../engines/opCases.js';
import { interpret } from '../../engines/reference.js';
import { decoded, weightsOf } from '../../importers/onnx/decoded.js';
import { bytesOf, outputsOf, SEED, written } from './onnxruntime.js';

/** Forms that opset 17 has not. */
const WITHOUT = [...['wrap', 'symmetric'].map((mode) => `padSides: ${mode}`), 'cumSum: products'];
const isWritten = ({ graph, title }: OpCase): boolean =>
  graph.nodes.every(({ op }) => writerOf(op)) && !WITHOUT.includes(title);

describe('onnxruntime computes what the definition says', () => {
  it('of every op that runs', () => {
    const runs = (Object.keys(OPS) as OpName[]).filter((op) => kernelOf(op));
    expect(new Set(OP_CASES.map(({ op }) => op))).toEqual(new Set(runs));
  });

  it.each(OP_CASES.filter(({ title }) => WITHOUT.includes(title)))('$title: refused by its node', ({ graph }) => {
    expect(() => written(graph)).toThrow(
      /^node "node" \((padSides|cumSum)\): .*ONNX (opset 17, which is written, )?has no /,
    );
  });

  it('an op without a form is refused by its node', () => {
    const net = Builder.start();
    const steps = net.apply('rnn', 'encoder', net.input([1, 5, 4]), { kind: 'lstm', hidden: 3 });
    expect(() => written(net.finish('r', steps))).toThrow('node "encoder": the op rnn is counted');
  });

  it.each(OP_CASES.filter(isWritten))('$title', async ({ graph }) => {
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

describe('the file', () => {
  const small = graphOf(builtIn('shufflenet_v2_x0_5'), 1, [3, 64, 64]);

  it('keeps our names, stages and blocks', () => {
    const { node } = decoded(bytesOf(written(small).model.pieces()));
    const named = new Map(node.map((each) => [each.name, each]));
    for (const { name, stage, block } of small.nodes) {
      const { metadataProps } = named.get(name)!;
      expect(new Map(metadataProps.map(({ key, value }) => [key, value]))).toEqual(
        new Map([
          ...(stage ? [['flopscope.stage', stage]] : []),
          ...(block ? [['flopscope.block', block]] : []),
        ] as never),
      );
    }
  });

  it('is as long as it says, in pieces of one weight each', () => {
    const { model } = written(small);
    const sizes = [...model.pieces()].map(({ length }) => length);
    expect(sizes.reduce((a, b) => a + b)).toBe(model.size);
    // The classifier's weight.
    expect(Math.max(...sizes)).toBe(4 * 1000 * 1024);
  });

  it('follows from the seed', () => {
    const bytes = (seed: number): Buffer => Buffer.from(bytesOf(written(small, { seed }).model.pieces()));
    expect(bytes(3).equals(bytes(3))).toBe(true);
    expect(bytes(3).equals(bytes(4))).toBe(false);
  });

  it('can leave the batch open', async () => {
    const model = builtIn('shufflenet_v2_x0_5');
    const open = written(model.build([symbol('batch'), 3, 64, 64]));
    const three = graphOf(model, 3, [3, 64, 64]);
    const results = await outputsOf(bytesOf(open.model.pieces()), three);
    const fixed = await outputsOf(bytesOf(written(three).model.pieces()), three);
    for (const [name, { shape, values }] of fixed) {
      expect(results.get(name)!.shape).toEqual(shape);
      expect(distance(results.get(name)!.values, values)).toBeLessThan(1e-6);
    }
  });

  it('can have its weights in a second file', async () => {
    const apart = written(small, { weights: { file: 'weights.data' } });
    expect(apart.model.size).toBeLessThan(200_000);
    const data = bytesOf(apart.external!.pieces());
    expect(data.length).toBe(apart.external!.size);
    const externalData = [{ path: 'weights.data', data }];
    const results = await outputsOf(bytesOf(apart.model.pieces()), small, { externalData });
    const inside = await outputsOf(bytesOf(written(small).model.pieces()), small);
    for (const [name, { values }] of inside) expect(results.get(name)!.values).toEqual(values);
  });

  it('can be the structure alone: its weights are inputs, and fed with them it computes the same', async () => {
    const bare = bytesOf(written(small, { weights: 'none' }).model.pieces());
    expect(bare.length).toBeLessThan(200_000);
    const full = bytesOf(written(small).model.pieces());
    const feeds = weightsOf(full);
    expect(decoded(bare).input.map(({ name }) => name)).toEqual(['input', ...feeds.keys()]);
    const results = await outputsOf(bare, small, {}, feeds);
    for (const [name, { values }] of await outputsOf(full, small))
      expect(distance(results.get(name)!.values, values)).toBeLessThan(1e-6);
  });

  it('renames what would share a name, and what has no bytes', async () => {
    const net = Builder.start();
    const x = net.input([1, 2, 3, 3], 'conv.weight');
    const y = net.apply('relu', 'conv/Sigmoid', net.apply('conv', 'conv', x, { channels: 2, kernel: 1 }));
    const graph = net.finish('\ud800', net.apply('silu', '\udc00', net.apply('relu', '\ufffd', y)));
    const bytes = bytesOf(written(graph).model.pieces());
    const names = [
      ...decoded(bytes).node.map(({ name }) => name),
      ...decoded(bytes).initializer.map(({ name }) => name),
    ];
    expect(new Set(names).size).toBe(names.length);
    const [values] = [...(await outputsOf(bytes, graph)).values()].map((result) => result.values);
    const [expected] = [...interpret(graph, SEED).values()].map((result) => result.values);
    expect(distance(values!, expected!)).toBeLessThan(1e-4);
  });

  it('of more than 2 GB is refused, unless the weights are elsewhere or left out', () => {
    const net = Builder.start();
    const large = net.finish('large', net.apply('linear', 'fc', net.input([1, 40_000]), { features: 20_000 }));
    expect(() => written(large)).toThrow(
      /^the file of large would have 32000\d+ bytes and protobuf ends at 2 GB: .*--external.*--no-weights$/,
    );
    expect(written(large, { weights: { file: 'x' } }).external!.size).toBeGreaterThan(3.2e9);
    expect(written(large, { weights: 'none' }).model.size).toBeLessThan(1000);
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
