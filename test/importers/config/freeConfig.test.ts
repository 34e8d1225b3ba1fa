// Does a network written layer by layer become the graph that it says? Names, stages, blocks, sources, repeats, outputs.

import { describe, expect, it } from 'vitest';
import { closedForm } from '../../../src/formula/closedForm.js';
import { evaluate } from '../../../src/dim/evaluate.js';
import { show } from '../../../src/dim/text.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const graph = (layers: string, more = ''): Graph =>
  graphOf(readConfig(`input: 4x16x16\n${more}\nlayers:\n${layers}`, 'net.yaml'));
const wires = ({ nodes }: Graph) => nodes.map(({ name, inputs }) => `${name} <- ${inputs.join(', ')}`);

describe('a config without a family', () => {
  it('reads each layer from the one before, and names it by its kind and a running number', () => {
    expect(wires(graph('- relu\n- batchNorm\n- relu\n- { conv: { channels: 2, kernel: 1 } }'))).toEqual([
      'relu1 <- input',
      'batchNorm1 <- relu1',
      'relu2 <- batchNorm1',
      'conv1 <- relu2',
    ]);
  });

  it('reads from earlier layers by name, from the image, and from several', () => {
    expect(
      wires(graph('- { relu: {}, name: a }\n- { sigmoid: , from: input, name: b }\n- { concat: {}, from: [a, b, a] }')),
    ).toEqual(['a <- input', 'b <- input', 'concat1 <- a, b, a']);
  });

  it('gives no layer a name that another claims', () => {
    expect(wires(graph('- relu\n- { gelu: {}, name: relu1 }\n- relu'))).toEqual([
      'relu2 <- input',
      'relu1 <- relu2',
      'relu3 <- relu1',
    ]);
  });

  it("names a block's nodes below the layer, which is their block", () => {
    const { nodes } = graph('- { convNorm: { channels: 8 }, name: unit }');
    expect(nodes.map(({ name, block }) => [name, block])).toEqual([
      ['unit.conv', 'unit'],
      ['unit.norm', 'unit'],
      ['unit.act', 'unit'],
    ]);
  });

  it('keeps a stage until the next', () => {
    const { nodes } = graph('- relu\n- { relu: {}, stage: one }\n- relu\n- { relu: {}, stage: two }');
    expect(nodes.map(({ stage }) => stage)).toEqual(['', 'one', 'one', 'two']);
  });

  it('repeats a layer on its own output, numbered from 1; its name is the last one', () => {
    expect(
      wires(
        graph(
          '- { relu: {}, repeat: 3, name: r }\n- { conv: { channels: 2, kernel: 1 }, repeat: 1 }\n- { add: {}, from: [r, input] }',
          'outputs: [conv1, add1]',
        ),
      ),
    ).toEqual(['r-1 <- input', 'r-2 <- r-1', 'r-3 <- r-2', 'conv1-1 <- r-3', 'add1 <- r-3, input']);
  });

  it('puts out the last layer, or those that outputs names', () => {
    expect(graph('- relu\n- relu').outputs).toEqual(['relu2']);
    expect(graph('- { relu: {}, repeat: 2 }\n- gelu', 'outputs: [gelu1, relu1]').outputs).toEqual(['gelu1', 'relu1-2']);
  });

  it('takes its name from the file where it has none, and its input as a mapping too', () => {
    const named = (text: string, file: string) => readConfig(`${text}layers: [relu]`, file).name;
    expect(named('input: 3x8x8\n', 'some/where/my.net.yaml')).toBe('my.net');
    expect(named('input: 3x8x8\nname: other\n', 'my.yaml')).toBe('other');
    const model = readConfig('{"input": {"channels": 1, "height": 8, "width": 9}, "layers": ["relu"]}', 'a.json');
    expect(model.input).toEqual([1, 8, 9]);
  });

  it('gives a closed form in the fields of its layers that agrees with the numbers', () => {
    const text = (channels: number, growth: number, repeat: number) => `
input: 3x16x16
layers:
  - { conv: { channels: ${channels}, kernel: 3, padding: 1 } }
  - { osa: { layers: 2, growth: ${growth}, channels: ${2 * channels} }, repeat: ${repeat} }
  - { pad: { channels: [${channels}, 1] } }`;
    const form = closedForm(readConfig(text(8, 4, 1), 'net.yaml'), {
      'layers.0.conv.channels': 'c',
      'layers.1.osa.channels': 'o',
      'layers.1.osa.growth': 'g',
      'layers.1.repeat': 'r',
      'layers.2.pad.channels.0': 's',
    }).counts;
    for (const [c, g, r] of [
      [8, 4, 1],
      [6, 5, 3],
      [1, 1, 2],
    ] as const) {
      const { params, multAdds, memoryAccess } = profile(graphOf(readConfig(text(c, g, r), 'net.yaml'))).totals;
      const at = { n: 1, h: 16, w: 16, c, o: 2 * c, g, r, s: c };
      expect([form.params, form.multAdds, form.memoryAccess.unfused].map((dim) => evaluate(dim as never, at))).toEqual([
        params,
        multAdds,
        memoryAccess.unfused,
      ]);
    }
    expect(show(form.params)).toContain('g^2');
  });

  it('knows the kind of each field at its path, and none beside', () => {
    const model = readConfig('input: 3x8x8\nlayers: [{ maxPool: { kernel: 2, stride: 2 }, repeat: 2 }]', 'net.yaml');
    const kind = (path: string) => model.fieldAt(path.split('.'))?.kind;
    expect(kind('layers.0.maxPool.kernel')).toBe('pair');
    expect(kind('layers.0.repeat')).toBe('count');
    for (const path of [
      '',
      'layers',
      'layers.0',
      'layers.1.relu',
      'layers.0.conv.kernel',
      'layers.0.maxPool',
      'layers.0.maxPool.toString',
    ])
      expect(kind(path)).toBeUndefined();
  });
});
