// Tests of what stops gradients in a .pt2: .detach(), torch.no_grad(), and what then keeps nothing.

import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readPt2 } from '../../../src/importers/pt2/readPt2.js';
import { training } from '../../../src/training/training.js';
import { archiveOf, p, programOf, x, type Call, type Network } from './programOf.js';

const IMAGE = [2, 3, 4, 4] as const;
const MAP = [2, 4, 4, 4] as const;
/** Bytes of a feature map of 4 channels. */
const BYTES = 2 * 4 * 16 * 4;

const conv = (input: string, name: string): Call => ({
  op: 'aten.conv2d.default',
  given: { input: x(input), weight: p(`${name}.weight`), bias: null },
  makes: { [name]: MAP },
  at: [name, 'torch.nn.modules.conv.Conv2d'],
});
const unary = (op: string, input: string, name: string): Call => ({
  op: `aten.${op}.default`,
  given: { self: x(input) },
  makes: { [name]: MAP },
});
const add = (a: string, b: string, name: string): Call => ({
  op: 'aten.add.Tensor',
  given: { self: x(a), other: x(b) },
  makes: { [name]: MAP },
});

const network = (calls: readonly Call[], outputs: readonly string[]): Network => ({
  inputs: { image: IMAGE },
  parameters: { 'a.weight': [4, 3, 1, 1], 'b.weight': [4, 4, 1, 1], 'c.weight': [4, 4, 1, 1] },
  calls,
  outputs,
});

function step(calls: readonly Call[], outputs: readonly string[] = ['c']) {
  const { totals, notTrained } = training(
    readPt2(bytesSource(archiveOf(programOf(network(calls, outputs)))), 'net.pt2'),
  );
  const { keptBytes, trainedParams, inputMultAdds, weightMultAdds } = totals;
  return { keptBytes, trainedParams, inputMultAdds, weightMultAdds, notTrained };
}

/** Multiply-adds of a convolution of 4 channels on 4, and on 3. */
const [FOUR, THREE] = [2 * 16 * 4 * 4, 2 * 16 * 4 * 3];

/** `calls` run inside of one call, with or without gradients. */
const inner = (gradients: boolean, calls: readonly Call[], given: readonly string[], result: string): Call => {
  const { graph_module } = programOf(network(calls, [result])) as { graph_module: { graph: object } };
  const inputs = given.map((name) => ({ as_tensor: { name } }));
  return {
    op: 'higher_order.wrap_with_set_grad_enabled',
    given: {
      enabled: gradients,
      body: { raw: { as_graph: { name: 'body', graph: { ...graph_module.graph, inputs } } } },
      ...Object.fromEntries(given.map((name, i) => [`given${i}`, x(name)])),
    },
    makes: { [`${result}_`]: MAP },
  };
};

describe('gradients that a .pt2 stops', () => {
  test('what stands before .detach() keeps nothing and is not trained', () => {
    const calls = [conv('image', 'a'), unary('relu', 'a', 'r'), conv('r', 'b'), unary('detach', 'b', 'd')];
    expect(step([...calls, conv('d', 'c')])).toEqual({
      ...{ keptBytes: BYTES, trainedParams: 16, inputMultAdds: 0, weightMultAdds: FOUR, notTrained: 2 },
    });
  });

  test('the same inside of torch.no_grad(), and in front of it', () => {
    const body = [unary('relu', 'a', 'r'), conv('r', 'b')];
    const calls = [conv('image', 'a'), inner(false, body, ['a', 'p_b_weight'], 'b')];
    expect(step([...calls, conv('b_', 'c')])).toEqual({
      ...{ keptBytes: BYTES, trainedParams: 16, inputMultAdds: 0, weightMultAdds: FOUR, notTrained: 2 },
    });
  });

  test('with gradients again, the inner graph is trained as if it stood outside', () => {
    const body = [unary('relu', 'a', 'r'), conv('r', 'b')];
    const outside = step([conv('image', 'a'), ...body, conv('b', 'c')]);
    expect(step([conv('image', 'a'), inner(true, body, ['a', 'p_b_weight'], 'b'), conv('b_', 'c')])).toEqual(outside);
  });

  test('another path trains what stands before', () => {
    // Sigmoid keeps its result; c reads b without its gradient.
    const calls = [conv('image', 'a'), conv('a', 'b'), unary('sigmoid', 'b', 's'), unary('detach', 's', 'd')];
    expect(step([...calls, conv('d', 'c'), add('c', 's', 'sum')], ['sum'])).toEqual({
      keptBytes: 2 * BYTES,
      trainedParams: 12 + 16 + 16,
      inputMultAdds: FOUR,
      weightMultAdds: THREE + 2 * FOUR,
      notTrained: undefined,
    });
  });

  test('a parameter without its gradient is not trained, and passes one on', () => {
    const weight: Call = { ...unary('detach', 'p_b_weight', 'w'), makes: { w: [4, 4, 1, 1] } };
    const fixed: Call = { ...conv('a', 'b'), given: { input: x('a'), weight: x('w'), bias: null } };
    expect(step([weight, conv('image', 'a'), fixed, conv('b', 'c')])).toMatchObject({
      ...{ trainedParams: 12 + 16, inputMultAdds: 2 * FOUR, weightMultAdds: THREE + FOUR, notTrained: 1 },
    });
  });

  test('an output without its gradient: its branch keeps nothing', () => {
    const calls = [conv('image', 'a'), conv('a', 'b'), unary('sigmoid', 'b', 's'), unary('detach', 's', 'd')];
    expect(step([...calls, conv('a', 'c')], ['c', 'd'])).toEqual({
      ...{ keptBytes: BYTES, trainedParams: 28, inputMultAdds: FOUR, weightMultAdds: THREE + FOUR, notTrained: 1 },
    });
  });
});
