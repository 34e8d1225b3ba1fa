// Do a file with batch norms and one with folded norms of the same network get the same findings?

import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { checkFindings } from '../../src/budgets/forbidden.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { folded } from '../../src/diagnosis/folding.js';
import type { Graph, Value } from '../../src/graph.js';
import { profile } from '../../src/profile.js';
import { builtInDevice } from '../../src/devices/builtIn.js';

/** Branches that read one input, and channel gates: in a file with norms, or with folded ones. */
function network(norms: boolean): Graph {
  const net = Builder.start();
  const layer = (name: string, from: Value, channels: number, kernel: number): Value => {
    const made = net.apply('conv', `${name}.conv`, from, { channels, kernel, bias: !norms });
    return net.apply('relu', `${name}.relu`, norms ? net.apply('batchNorm', `${name}.norm`, made) : made);
  };
  let x = layer('stem', net.input([1, 3, 32, 32]), 32, 3);
  for (const block of ['a', 'b', 'c']) {
    const branches = [0, 1, 2, 3].map((i) => layer(`${block}.${i}`, x, 8, 1));
    const joined = net.apply('concat', `${block}.concat`, branches);
    const mean = net.apply('globalAvgPool', `${block}.mean`, joined);
    const gate = net.apply('sigmoid', `${block}.gate`, net.apply('conv', `${block}.fc`, mean, { channels: 32, kernel: 1, bias: true })); // prettier-ignore
    x = layer(`${block}.out`, net.apply('multiply', `${block}.scaled`, [joined, gate]), 32, 3);
  }
  // It feeds no output.
  layer('dead', x, 16, 1);
  return net.finish('network', x);
}

const asFiles = [
  diagnose(network(true), { source: 'pt2' }),
  diagnose(network(true), { source: 'onnx' }),
  diagnose(network(false), { source: 'onnx' }),
] as const;

describe('one network as several files', () => {
  const [traced, unfolded, inference] = asFiles;

  it('has the same findings, to the last figure, but for the norms of an inference file', () => {
    expect(inference.findings.map(({ audit }) => audit)).toEqual(
      expect.arrayContaining(['fragmentation', 'squeeze-excitations', 'dead-ends']),
    );
    expect(traced.findings).toEqual(inference.findings);
    expect(unfolded.findings.filter(({ audit }) => audit !== 'unfolded-norms')).toEqual(inference.findings);
    expect(unfolded.findings.map(({ audit }) => audit)).toContain('unfolded-norms');
  });

  it('says how many norms are folded, and what is left', () => {
    expect(traced.folded).toEqual({ norms: 17, totals: inference.totals });
    expect(inference).not.toHaveProperty('folded');
    expect(traced.totals).toEqual(profile(network(true)).totals);
  });

  it('is checked alike', () => {
    const checked = [network(true), network(false)].map((graph) =>
      checkFindings('network', { graph, profile: profile(graph) }, [{ audit: 'fragmentation', place: '--forbid' }]),
    );
    expect(checked[0]).toEqual(checked[1]);
  });
});

it('builds the network that is written with folded norms', () => {
  const shapes = ({ nodes }: Graph) =>
    nodes.map(({ name, op, inputs, attributes }) => ({ name, op, inputs, attributes }));
  expect(shapes(folded(network(true)))).toEqual(shapes(network(false)));
  expect(folded(network(false))).toEqual(network(false));
});

it('keeps a norm that several layers read, and one whose layer has other readers', () => {
  const net = Builder.start();
  const made = net.apply('conv', 'conv', net.input([1, 3, 8, 8]), { channels: 4, kernel: 3, bias: false });
  const graph = net.finish('network', [net.apply('batchNorm', 'norm', made), net.apply('relu', 'relu', made)]);
  expect(folded(graph)).toBe(graph);
});

it('predicts PyTorch as it runs: with its norms', () => {
  const device = builtInDevice('rtx-4090');
  expect(diagnose(network(true), { device })).not.toHaveProperty('folded');
});
