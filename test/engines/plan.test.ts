// Which nodes become one step, and when is a value freed?

import { expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { DeviceFailure } from '../../src/engines/engine.js';
import { plan } from '../../src/engines/plan.js';
import { builtIn, builtInNames } from '../../src/builtIn.js';
import { graphOf } from '../../src/model.js';
import type { Graph } from '../../src/graph.js';

const TRAITS = { padsMaxPool: true, cheapLaunches: false };
const graph = (name: string): Graph => graphOf(builtIn(name));

it.each(builtInNames())('%s: every node is in one step, every value is freed once, after its last reader', (name) => {
  for (const eager of [true, false]) {
    const net = graph(name);
    const steps = plan(net, eager, TRAITS);
    expect(steps.flatMap(({ nodes }) => nodes.map(({ node }) => node.name)).sort()).toEqual(
      net.nodes.map((node) => node.name).sort(),
    );
    const alive = new Set(net.inputs.map((input) => input.name));
    for (const { inputs, output, frees } of steps) {
      expect(inputs.every((input) => alive.has(input))).toBe(true);
      alive.add(output);
      for (const value of frees) expect(alive.delete(value)).toBe(true);
    }
    expect([...alive].sort()).toEqual([...net.inputs.map((input) => input.name), ...net.outputs].sort());
  }
});

it('runs every op as written when it is eager', () => {
  const net = graph('resnet50');
  expect(plan(net, true, TRAITS)).toHaveLength(net.nodes.length);
});

it('folds all 53 batch norms of ResNet-50, and the 33 ReLUs that follow one', () => {
  const net = graph('resnet50');
  expect(plan(net, false, TRAITS)).toHaveLength(net.nodes.length - 53 - 33);
});

it('folds the norm between the two convolutions of a dense layer, and not the one before the first', () => {
  const net = graph('densenet121');
  const norms = net.nodes.filter(({ op }) => op === 'batchNorm').length;
  // One a layer, and the stem's.
  expect(
    plan(net, false, TRAITS)
      .filter(({ kernel }) => kernel.absorbs)
      .filter(({ norm }) => norm),
  ).toHaveLength(58 + 1);
  expect(plan(net, false, TRAITS).filter(({ nodes }) => nodes[0]!.node.op === 'batchNorm')).toHaveLength(norms - 59);
});

it('refuses by its name a node that no engine runs, and one of a form that none runs', () => {
  const recurrent = Builder.start();
  const steps = recurrent.apply('rnn', 'encoder', recurrent.input([1, 5, 4]), { kind: 'lstm', hidden: 3 });
  expect(() => plan(recurrent.finish('r', steps), false, TRAITS)).toThrow(
    new DeviceFailure('no engine can run the op rnn of node "encoder": it is counted, not measured'),
  );
  const volume = Builder.start();
  const larger = volume.apply('resize', 'up', volume.input([1, 2, 3, 3, 3]), { size: [6, 6, 6] });
  expect(() => plan(volume.finish('v', larger), true, TRAITS)).toThrow(
    'no engine can run a resize of an input that is no image, as node "up" (resize)',
  );
});
