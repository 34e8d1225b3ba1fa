// Do values and nodes of PyTorch's exports have the shapes and multiply-adds that onnxruntime and the definitions give them?

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countsOf, shapedNodes } from '../../../src/cost.js';
import { convertedOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { packed } from './packed.js';

const FOLDER = 'fixtures/golden/onnx';

interface Fact {
  readonly value: string;
  readonly op: string;
  readonly shape: readonly number[];
  readonly multAdds: number | undefined;
}

const factsOf = (file: string): readonly Fact[] =>
  readFileSync(`${FOLDER}/${file}.csv`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [value = '', op = '', shape = '', multAdds = ''] = line.split(',');
      return {
        value,
        op,
        shape: shape === '' ? [] : shape.split('x').map(Number),
        multAdds: multAdds === '' ? undefined : Number(multAdds),
      };
    });

/** As PyTorch writes numbers, one by one, and packed into one field as others do. */
const WRITTEN = { 'as exported': (bytes: Uint8Array) => bytes, packed: (bytes: Uint8Array) => packed(bytes) };

describe.each(Object.entries(WRITTEN))('%s, every value and every node of fixtures/golden/onnx', (_, rewritten) => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.onnx'))) {
    const facts = factsOf(file.slice(0, -5));
    test(`${file}: ${facts.length} values`, () => {
      const [image, ...others] = facts;
      const source = bytesSource(rewritten(readFileSync(`${FOLDER}/${file}`)));
      const { graph, values, nodeNames } = convertedOnnx(source, file, image!.shape, { asWritten: true });
      expect(others.map(({ value }) => [value, values.get(value)?.shape])).toEqual(
        others.map(({ value, shape }) => [value, shape]),
      );
      const counts = new Map(
        [...shapedNodes(graph)].map((shapedNode) => [shapedNode.node.name, countsOf(shapedNode).multAdds]),
      );
      const counted = new Map(
        [...nodeNames].map(([call, names]) => [
          call.outputs[0],
          names.reduce((sum, name) => sum + Number(counts.get(name)), 0),
        ]),
      );
      expect(others.map(({ value }) => [value, counted.get(value) ?? 0])).toEqual(
        others.map(({ value, multAdds }) => [value, multAdds ?? 0]),
      );
    });
  }
});
