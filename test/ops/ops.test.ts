// Does every op count what a loop over its definition counts? Small odd shapes; the title says what each case is for.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../src/builder.js';
import { countsOf, shapedNodes } from '../../src/cost.js';
import { OPS, opOf } from '../../src/ops/table.js';
import { CASES } from './cases.js';

describe('an op counts what a loop counts', () => {
  test.each(CASES)('$op: $reason', ({ op, inputs, given, counted }) => {
    const net = Builder.start();
    const values = inputs.map((shape, i) => net.input(shape, `input${i}`));
    if (inputs.length === 0) net.input([1], 'unread');
    const node = net.apply(op, 'node', values, given);
    const [shapedNode] = [...shapedNodes(net.finish('one', node))];
    const { params, multAdds } = countsOf(shapedNode!);
    const elementwise = opOf(op).elementwise?.(inputs, shapedNode!.node.shape, shapedNode!.node.attributes) ?? 0;
    expect({ outShape: node.shape, params, multAdds, elementwise }).toEqual(counted);
  });

  test('the ops of these cases are exactly the rows of OPS: a new row needs its loop', () => {
    expect([...new Set(CASES.map(({ op }) => op))].sort()).toEqual(Object.keys(OPS).sort());
  });
});
