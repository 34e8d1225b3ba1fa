// Do the numbers equal what PyTorch, fvcore and the authors' code say? Every golden total and every golden layer, as exact integers.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../src/builtIn.js';
import { profile, type Layer, type Profile } from '../src/profile.js';

const GOLDEN = new URL('../fixtures/golden/', import.meta.url);

type Row = Readonly<Record<string, string>>;

function rowsOf(file: string): readonly Row[] {
  const [header = '', ...lines] = readFileSync(new URL(file, GOLDEN), 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

/** Cells that are read as numbers. */
const numbers = (row: Row, columns: readonly string[]): Record<string, number> =>
  Object.fromEntries(columns.map((column) => [column, Number(row[column])]));

const profileAt = (model: string, n: number, c: number, h: number, w: number): Profile =>
  profile(builtIn(model).build([n, c, h, w]));

const TOTALS = [
  'params',
  'mult_adds',
  'mult_adds_conv',
  'mult_adds_linear',
  'conv_layers',
  'memory_access_conv',
  'memory_access_linear',
  'activations',
];

function totalsOf({ totals, layers }: Profile): Record<string, number> {
  const multAdds = (op: string): number =>
    layers.reduce((sum, layer) => sum + (layer.op === op ? layer.multAdds : 0), 0);
  return {
    params: totals.params,
    mult_adds: totals.multAdds,
    mult_adds_conv: multAdds('conv'),
    mult_adds_linear: multAdds('linear'),
    conv_layers: totals.convLayers,
    memory_access_conv: totals.memoryAccess.conv,
    memory_access_linear: totals.memoryAccess.linear,
    activations: totals.activations,
  };
}

describe('totals equal fixtures/golden/models.csv', () => {
  for (const row of rowsOf('models.csv')) {
    const { model = '', input = '', source = '' } = row;
    test(`${model} at ${input}, as ${source.trim()}`, () => {
      const [n, c, h, w] = input.split('x').map(Number);
      expect(totalsOf(profileAt(model, n!, c!, h!, w!))).toEqual(numbers(row, TOTALS));
    });
  }
});

const WINDOW = ['kernel_h', 'kernel_w', 'stride', 'padding', 'dilation', 'groups'];
const SHAPES = ['n', 'c_in', 'h_in', 'w_in', 'c_out', 'h_out', 'w_out'];
const COUNTS = ['bias', 'params', 'mult_adds', 'memory_access'];

/** A golden row has one number for stride, padding and dilation; a fully connected layer is written as a 1x1 convolution. */
function rowOf(layer: Layer): Record<string, number | string> {
  const [n, cIn, hIn = 1, wIn = 1] = layer.inShape;
  const [, cOut, hOut = 1, wOut = 1] = layer.outShape;
  const one = (values: readonly number[] | null, otherwise: number): number => {
    const [first = otherwise, ...rest] = values ?? [];
    expect(rest.every((value) => value === first)).toBe(true);
    return first;
  };
  const [kernelHeight = 1, kernelWidth = 1] = layer.kernel ?? [];
  return {
    ...{ name: layer.name, type: layer.op },
    ...{ n: n!, c_in: cIn!, h_in: hIn, w_in: wIn, c_out: cOut!, h_out: hOut, w_out: wOut },
    ...{ kernel_h: kernelHeight, kernel_w: kernelWidth },
    ...{ stride: one(layer.stride, 1), padding: one(layer.padding, 0), dilation: one(layer.dilation, 1) },
    ...{ groups: layer.groups ?? 1, bias: layer.bias ? 1 : 0 },
    ...{ params: layer.params, mult_adds: layer.multAdds, memory_access: layer.memoryAccessUnfused },
  };
}

describe('convolutions and fully connected layers equal fixtures/golden/layers, in order of execution', () => {
  for (const file of readdirSync(new URL('layers/', GOLDEN)).sort()) {
    const [, model = '', height = '', width = ''] = /^(.+)__(\d+)x(\d+)\.csv$/.exec(file) ?? [];
    const rows = rowsOf(`layers/${file}`);
    test(`${model} at ${height}x${width}: ${rows.length} layers`, () => {
      const { layers } = profileAt(model, 1, 3, Number(height), Number(width));
      const counted = layers.filter(({ op }) => op === 'conv' || op === 'linear');
      expect(counted.map(rowOf)).toEqual(
        rows.map((row) => ({
          name: row['name'],
          type: row['type'],
          ...numbers(row, [...SHAPES, ...WINDOW, ...COUNTS]),
        })),
      );
    });
  }
});
