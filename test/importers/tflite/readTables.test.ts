// Tests that TFLite's tables become plain data: what is written is read, defaults are filled in, and hostile files are refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/importers/modelFile.js';
import { FlatBuffer } from '../../../src/importers/tflite/flatBuffer.js';
import { isCustom, operatorName } from '../../../src/importers/tflite/operators.js';
import { Tables } from '../../../src/importers/tflite/readTables.js';
import { InputError } from '../../../src/inputError.js';
import { TfliteDraft } from './network.js';
import { Writer, type Branch } from './writeFlatBuffer.js';

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
});
const tablesOf = (bytes: Uint8Array): Tables => new Tables(sourceOf(bytes));

function small(): TfliteDraft {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', [1, 8, 8, 3], { signature: [-1, 8, 8, 3] });
  const w = net.constant('w', [4, 3, 3, 3], { type: 'i8', scales: 4 });
  const y = net.tensor('y', [1, 4, 4, 4]);
  net.op('CONV_2D', [x, w, -1], [y], ['Conv2D', { strideW: 2, strideH: 2, fused: 3 }]);
  return file.add(net, [x], [y]);
}

describe('Tables', () => {
  it('reads tensors, operators, codes and buffers, and passes over the data', () => {
    const model = tablesOf(small().bytes()).model();
    const [graph] = model.subgraphs;
    expect([model.version, graph!.name, graph!.inputs, graph!.outputs]).toEqual([3, 'main', [0], [2]]);
    expect(graph!.tensors.map(({ name, shape, type, signature }) => [name, shape, type, signature])).toEqual([
      ['x', [1, 8, 8, 3], 0, [-1, 8, 8, 3]],
      ['w', [4, 3, 3, 3], 9, []],
      ['y', [1, 4, 4, 4], 0, []],
    ]);
    expect(graph!.tensors[1]!.quantization!.scale.length).toBe(4);
    expect(graph!.operators[0]!.inputs).toEqual([0, 1, -1]);
    expect(model.operatorCodes.map(operatorName)).toEqual(['CONV_2D']);
    expect(model.buffers.map(({ data }) => data.length)).toEqual([0, 108]);
  });

  it('reads options, and gives defaults where the operator has none', () => {
    const tables = tablesOf(small().bytes());
    const operator = tables.model().subgraphs[0]!.operators[0]!;
    expect(tables.options(operator, 'Conv2D')).toEqual({
      ...{ padding: 0, strideW: 2, strideH: 2, fused: 3, dilationW: 1, dilationH: 1 },
    });
    expect(tables.options({ ...operator, optionsType: 0 }, 'Conv3D').dilationD).toBe(1);
    expect(() => tables.options(operator, 'Pool2D')).toThrow('its options are of the kind 1, and Pool2D is the kind 5');
  });

  it('takes the larger of the two codes, and the name of a custom operator', () => {
    const code = (oldCode: number, code: number, customCode = '') => ({ oldCode, code, customCode, version: 1 });
    expect([code(3, 0), code(127, 150), code(32, 32, 'FlexErf'), code(0, 0), code(5, 4000)].map(operatorName)).toEqual([
      ...['CONV_2D', 'GELU', 'FlexErf', 'ADD', 'operator 4000'],
    ]);
    expect([code(32, 32, 'ADD'), code(0, 0)].map(isCustom)).toEqual([true, false]);
  });

  it('gives back whole numbers of any value', () => {
    const whole = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 20 });
    fc.assert(
      fc.property(whole, fc.string({ unit: 'grapheme' }), (shape, name) => {
        const tensors: Branch[] = [{ table: 'Tensor', data: { shape, name, type: 2 } }];
        const data = { subgraphs: [{ table: 'SubGraph', data: { tensors } }] };
        const [tensor] = tablesOf(Writer.file({ table: 'Model', data })).model().subgraphs[0]!.tensors;
        expect([tensor!.shape, tensor!.name, tensor!.type]).toEqual([shape, name, 2]);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  it('refuses another kind of file, and every prefix of a real one', () => {
    const bytes = small().bytes();
    expect(() => tablesOf(new TextEncoder().encode('{"a": 1}'))).toThrow('it is no TFLite model');
    for (let length = 0; length < bytes.length; length += 7)
      expect(() => tablesOf(bytes.slice(0, length)).model()).toThrow(InputError);
  });

  it('refuses a small file whose offsets all lead to one large table', () => {
    const tensors = new Array<Branch>(2000).fill({ table: 'Tensor', data: {} });
    const subgraphs = new Array<Branch>(1000).fill({ table: 'SubGraph', data: {} });
    subgraphs.push({ table: 'SubGraph', data: { tensors } });
    const bytes = Writer.file({ table: 'Model', data: { subgraphs } });
    const buffer = new FlatBuffer(sourceOf(bytes));
    const { at, length } = buffer.vector(buffer.field(buffer.root, 2, 4)!, 4);
    const last = buffer.target(at + 4 * (length - 1));
    const view = new DataView(bytes.buffer);
    for (let place = at; place < at + 4 * length; place += 4) view.setUint32(place, last - place, true);
    expect(() => tablesOf(bytes).model()).toThrow(/^it has more than \d+ tables, which no network has$/);
  });
});
