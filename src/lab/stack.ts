// A stack of equal blocks at one resolution, each on the output of the one before.

import { Builder } from '../builder.js';
import type { Graph, Value } from '../graph.js';
import type { Assumptions } from './experiment.js';

/** @param channels of the input; @param block must return as many, so that it can be repeated */
export function stack(
  name: string,
  channels: number,
  { batch, side, blocks }: Pick<Assumptions, 'batch' | 'side' | 'blocks'>,
  block: (net: Builder, x: Value) => Value,
): Graph {
  const net = Builder.start();
  let x = net.input([batch, channels, side, side]);
  for (let i = 1; i <= blocks; i++) {
    const path = `block${i}`;
    x = block(net.at(path, { stage: 'stack', block: path }), x);
  }
  return net.finish(name, x);
}
