// Does a picture show the network? Every box and arrow is of the graph, dense connections stay few, and no name breaks the syntax.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn, builtInNames } from '../../../src/builtIn.js';
import { diagram, type Diagram } from '../../../src/exporters/diagram/diagram.js';
import { dot } from '../../../src/exporters/diagram/dot.js';
import { mermaid } from '../../../src/exporters/diagram/mermaid.js';
import { PARTS } from '../../../src/exporters/diagram/part.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';

const graph = (name: string): Graph => graphOf(builtIn(name));

/** Boxes that an arrow path leads to from this one. */
function reached({ arrows }: Diagram, start: number): ReadonlySet<number> {
  const seen = new Set([start]);
  for (const at of seen) for (const { from, to } of arrows) if (from === at) seen.add(to);
  return seen;
}

describe('diagram', () => {
  it.each(builtInNames())('%s: everything follows from the input and leads to the output, without a circle', (name) => {
    for (const by of PARTS) {
      const drawn = diagram(graph(name), by);
      expect(reached(drawn, 0).size).toBe(drawn.boxes.length);
      const last = drawn.boxes.length - 1;
      expect(
        reached(
          { ...drawn, arrows: drawn.arrows.map(({ from, to, shapes }) => ({ from: to, to: from, shapes })) },
          last,
        ).size,
      ).toBe(drawn.boxes.length);
      for (const { from, to, shapes } of drawn.arrows) {
        expect(from).toBeLessThan(to);
        expect(shapes.length).toBeGreaterThan(0);
      }
    }
  });

  it('has a box for each block of ResNet-50, inside its stage, with the shape that it passes on', () => {
    const { boxes, arrows } = diagram(graph('resnet50'), 'block');
    const blocks = boxes.filter(({ name }) => /^layer\d\.\d$/.test(name));
    expect(blocks).toHaveLength(3 + 4 + 6 + 3);
    expect(blocks.every(({ name, inside }) => inside.length === 1 && name.startsWith(inside[0]!))).toBe(true);
    expect(blocks[1]!.about).toBe('conv 1x1, conv 3x3, conv 1x1, add');
    const from = boxes.findIndex(({ name }) => name === 'layer2.0');
    expect(arrows.find((arrow) => arrow.from === from)?.shapes).toEqual(['1x512x28x28']);
  });

  it('draws the dense connections of DenseNet-121 with two arrows a layer, where the graph has L^2 / 2', () => {
    const net = graph('densenet121');
    const edges = net.nodes.reduce((all, { inputs }) => all + inputs.length, 0);
    const { boxes, arrows } = diagram(net, 'layer');
    expect(edges).toBeGreaterThan(900);
    expect(arrows.length).toBeLessThan(500);
    const at = (name: string): number => boxes.findIndex((box) => box.name === name);
    const into = arrows.filter(({ to }) => to === at('features.denseblock3.denselayer24.concat'));
    expect(into.map(({ from }) => boxes[from]!.name).sort()).toEqual([
      'features.denseblock3.denselayer23.concat',
      'features.denseblock3.denselayer23.conv2',
    ]);
    // What the earlier concat holds and what is new are together what the concat reads.
    expect(into.flatMap(({ shapes }) => shapes).sort()).toEqual(['1x32x14x14', '1x960x14x14']);
  });

  it('keeps branches of unnamed ops apart and draws a chain of them as one', () => {
    const net = Builder.start();
    const x = net.input([1, 4, 8, 8]);
    const [a, b] = [net.apply('relu', 'a', x), net.apply('sigmoid', 'b', x)];
    const sum = net.apply('add', 'sum', [a, net.apply('relu', 'c', b)]);
    const { boxes, arrows } = diagram(net.finish('net', sum), 'block');
    expect(boxes.map(({ name }) => name)).toEqual(['input', 'a', 'b to c', 'sum', 'output']);
    expect(arrows).toHaveLength(5);
  });
});

/** Names as strangers give them. */
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.constantFrom(
    ...['"', '\\', '\\"', '"]', 'end', 'a"] --> b["', '#quot;', '<b>', '%%', '1. a', '- a', '`x`', '\n}', '{', ';'],
  ),
);

describe('whatever the names hold', () => {
  it('every line of dot and of Mermaid has the form of the language', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 3, maxLength: 6 }), name, name, (names, stage, block) => {
        const net = Builder.start();
        let value = net.input([1, 2, 3, 3], names[0]);
        for (const each of names.slice(1)) value = net.at('', { stage, block }).apply('relu', each, value);
        const hostile = net.finish(names.at(-1)!, value);
        for (const by of PARTS) {
          const drawn = diagram(hostile, by);
          for (const line of dot(drawn).split('\n')) expect(line).toMatch(DOT_LINE);
          const [, title, , head, ...lines] = mermaid(drawn).split('\n');
          expect(() => JSON.parse(title!.replace('title: ', '')) as unknown).not.toThrow();
          expect(head).toBe('flowchart TB');
          for (const line of lines) expect(line).toMatch(MERMAID_LINE);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const TEXT = String.raw`"(?:[^"\\\n\r]|\\[\\"n])*"`;
const DOT_LINE = new RegExp(
  String.raw`^(?:digraph ${TEXT} \{|\s*(?:rankdir=TB|(?:graph|node|edge) \[.*\]|subgraph cluster_\d+ \{|label=${TEXT}|n\d+ \[label=${TEXT}(?:, shape=ellipse, style=solid)?\]|n\d+ -> n\d+ \[label=${TEXT}\]|\})|)$`,
);
const LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} _.,:/-]|#\d+;|<br/>)*"`;
const MERMAID_LINE = new RegExp(
  String.raw`^(?:\s*(?:n\d+(?:\[${LABEL}\]|\(\[${LABEL}\]\))|subgraph s\d+\[${LABEL}\]|end|n\d+ -->\|${LABEL}\| n\d+)|)$`,
  'u',
);
