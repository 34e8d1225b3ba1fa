// Does the audit find channel gates, and is the network without them counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { found, saved, whole } from '../found.js';

function network(gated: boolean): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'conv', net.input([1, 64, 16, 16]), { channels: 64, kernel: 3, padding: 1 });
  if (gated) {
    const squeezed = net.apply('conv', 'fc1', net.apply('globalAvgPool', 'squeeze', x), { channels: 4, kernel: 1 });
    const excited = net.apply('conv', 'fc2', net.apply('relu', 'relu', squeezed), { channels: 64, kernel: 1 });
    x = net.apply('multiply', 'scale', [x, net.apply('sigmoid', 'gate', excited)]);
  }
  return net.finish('network', net.apply('conv', 'next', x, { channels: 64, kernel: 3, padding: 1 }));
}

it('leaves the gates out', () => {
  const { saves, layers } = found('squeeze-excitations', network(true))!;
  expect(layers).toEqual(['squeeze', 'fc1', 'relu', 'fc2', 'gate', 'scale']);
  expect(whole(saves)).toEqual(saved(network(true), network(false)));
});

it('advises what is still to be done', () => {
  const fix = (graph: Graph): string => found('squeeze-excitations', graph)!.fix;
  expect(fix(graphOf(builtIn('seresnet50')))).toMatch(/^Gate fewer blocks .* or with one layer instead of two/);
  expect(fix(network(true))).toMatch(/^Gate with one layer instead of two/);
  // One gate a stage, of one layer.
  expect(fix(graphOf(builtIn('ese_vovnet39b')))).toMatch(/^Leave the gates out/);
});

it('says nothing of networks without gates', () => {
  expect(found('squeeze-excitations', network(false))).toBeNull();
  expect(found('squeeze-excitations', graphOf(builtIn('resnet18')))).toBeNull();
});
