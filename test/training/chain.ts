// Small networks and tapes for the tests of training.

import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import { implementationOf, type Implementation } from '../../src/counters/implementation.js';
import type { ImageSize } from '../../src/families/family.js';
import type { Value } from '../../src/graph.js';
import { graphOf } from '../../src/model.js';
import { tapeOf } from '../../src/training/recordTape.js';
import type { Tape, TapeOptions } from '../../src/training/tape.js';

export const PLAIN: Implementation = { name: 'plain', about: '', calls: {} };

/** The tape of a graph that is written node by node on an image [1, 2, 4, 4]. */
export function tapeOn(
  build: (net: Builder, x: Value) => Value,
  options: TapeOptions = {},
  implementation: Partial<Implementation> = {},
): Tape {
  const net = Builder.start();
  return tapeOf(net.finish('chain', build(net, net.input([1, 2, 4, 4]))), { ...PLAIN, ...implementation }, options);
}

export function builtInTape(name: string, options: TapeOptions = {}, n = 1, input?: ImageSize): Tape {
  const model = builtIn(name);
  return tapeOf(graphOf(model, n, input ?? model.input), implementationOf(model), options);
}

/** A 1x1 convolution, a 3x3 one that halves the sides, ... */
export const conv = (net: Builder, name: string, x: Value, channels = 2, kernel = 1): Value =>
  net.apply('conv', name, x, { channels, kernel, padding: (kernel - 1) / 2 });
