// Is protobuf's text format read as protobuf reads it? Every form of a field, numbers and texts, and where a fault stands.

import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { placeOf } from '../../../src/importers/caffe/lexer.js';
import { checked } from '../../../src/importers/caffe/message.js';
import { readCaffe } from '../../../src/importers/caffe/readCaffe.js';
import { readTextFormat, type Tree, type Written } from '../../../src/importers/caffe/textFormat.js';
import { graphOf } from '../../../src/model.js';

const plain = (value: Written): unknown => (value.kind === 'message' ? fields(value) : `${value.kind} ${value.text}`);
const fields = (tree: Tree): unknown[] => tree.fields.map(({ name, value }) => [name, plain(value)]);
const read = (text: string): unknown[] => fields(readTextFormat(text, 'a.prototxt'));

describe('text format', () => {
  test('messages in both brackets, with and without a colon; separators; comments', () => {
    expect(read('a { b: 1; c < d: -2, > } # to the end } \n e: { } f: <>')).toEqual([
      [
        'a',
        [
          ['b', 'number 1'],
          ['c', [['d', 'number -2']]],
        ],
      ],
      ['e', []],
      ['f', []],
    ]);
  });

  test('lists are the field again and again', () => {
    expect(read('d: [1, 2] e: [] m: [{a: 1}, {}]')).toEqual([
      ['d', 'number 1'],
      ['d', 'number 2'],
      ['m', [['a', 'number 1']]],
      ['m', []],
    ]);
  });

  test('texts in both quotes are joined, with escapes of C', () => {
    expect(read(`a: "x\\n\\x41\\101\\"" 'y"' b: MAX c: -inf d: .5 e: 1e-3 f: 0x1F`)).toEqual([
      ['a', 'text x\nAA"y"'],
      ['b', 'word MAX'],
      ['c', 'word -inf'],
      ['d', 'number .5'],
      ['e', 'number 1e-3'],
      ['f', 'number 0x1F'],
    ]);
  });

  test('numbers, flags and enums have their types', () => {
    const text = 'num_output: 010 group: 0x2 bias_term: f';
    const param = checked(readTextFormat(text, 'a'), 'Convolution', (_, sentence) => new InputError(sentence));
    expect([param.number('num_output', 0), param.number('group', 0), param.flag('bias_term', true)]).toEqual([
      8,
      2,
      false,
    ]);
    const pool = checked(readTextFormat('pool: 1', 'a'), 'Pooling', (_, sentence) => new InputError(sentence));
    expect(pool.text('pool', 'MAX')).toBe('AVE');
  });

  test('a place is a line and a column, both from 1', () => {
    expect([0, 1, 2, 4].map((at) => placeOf('a\nbc\nd', at, 'f'))).toEqual(['f:1:1', 'f:1:2', 'f:2:1', 'f:2:3']);
  });
});

const INPUT = 'input: "data" input_shape { dim: 1 dim: 4 dim: 9 dim: 13 }\n';
const one = (type: string, more = ''): string =>
  `${INPUT}layer { name: "l" type: "${type}" bottom: "data" top: "l" ${more} }`;

const CASES: readonly (readonly [why: string, text: string, says: string])[] = [
  ['empty', '', 'net.prototxt:1:1: the file has no layers'],
  ['a solver', 'net: "a.prototxt"\nbase_lr: 0.1', 'net.prototxt:1:1: this is a solver'],
  ['a map of labels', 'item { name: "cat" }', 'this is a map of labels'],
  ['weights', '\u0000\u0012data', 'it is binary, as a .caffemodel is'],
  ['an open message', 'layer { name: "a"', 'net.prototxt:1:18: the file ends inside of a message: } is missing'],
  ['brackets that differ', 'layer { name: "a" >', 'net.prototxt:1:19: > closes nothing here'],
  ['too many brackets', `${one('ReLU')} }`, '} closes nothing here'],
  ['no colon', 'layer { name "a" }', 'net.prototxt:1:14: behind name stands a colon and a value'],
  ['no value', 'layer { name: }', 'net.prototxt:1:15: name has no value: here stands "}"'],
  ['comments of C', '// a net\n', 'net.prototxt:1:1: comments begin with #'],
  ['an open text', 'name: "a\nlayer { }', 'net.prototxt:1:7: the text "a" has no closing "'],
  ['no number', 'input_dim: 3x', 'is not a number'],
  [
    'a number of another type',
    one('Convolution', 'convolution_param { num_output: 1.0 }'),
    'net.prototxt:2:95: num_output is a whole number from 0 up, not "1.0"',
  ],
  ['a quoted enum', one('Pooling', 'pooling_param { pool: "MAX" }'), 'pool is one of MAX, AVE, STOCHASTIC, not "MAX"'],
  ['a field twice', one('ReLU', 'name: "again"'), 'name is given twice'],
  [
    'a field that may change a shape',
    one('Convolution', 'convolution_param { num_output: 1 squeeze: 2 }'),
    'flopscope does not know the field squeeze here, which may change a shape',
  ],
  ['deep nesting', 'layer { a {'.repeat(60_000), 'more than 32 levels of nesting'],
  [
    'both syntaxes',
    `${one('ReLU')} layers { name: "x" type: RELU bottom: "l" top: "x" }`,
    'the file has both layer and layers',
  ],
  [
    'the first syntax',
    `${INPUT}layers { layer { name: "a" type: "conv" } bottom: "data" top: "a" }`,
    'is the first syntax of Caffe, which is not read',
  ],
  [
    'an old type that is none',
    `${INPUT}layers { name: "a" type: BATCHNORM bottom: "data" top: "a" }`,
    'has the type "BATCHNORM", which the syntax of layers { } does not have',
  ],
  ['no type', `${INPUT}layer { name: "a" bottom: "data" top: "a" }`, 'net.prototxt:2:1: the layer "a" has no type'],
  [
    'unknown types',
    one('Quantum') + 'layer { name: "m" type: "Quantum" bottom: "l" top: "m" }',
    'net.prototxt:2:1: flopscope does not know Quantum (2x, first layer "l")',
  ],
  [
    'no such blob',
    one('ReLU').replace('bottom: "data"', 'bottom: "dta"'),
    'net.prototxt:2:1: the layer "l" (ReLU) reads "dta", which no layer before it makes',
  ],
  [
    'a blob made twice',
    one('ReLU') + 'layer { name: "m" type: "TanH" bottom: "data" top: "l" }',
    'makes "l", which there is already',
  ],
  [
    'rules that exclude each other',
    one('ReLU', 'include { phase: TEST } exclude { phase: TRAIN }'),
    'has both include and exclude rules',
  ],
  [
    'no kernel',
    one('Convolution', 'convolution_param { num_output: 1 }'),
    'net.prototxt:2:1: layer "l" (Convolution): it has no kernel_size',
  ],
  [
    'two kinds of kernel',
    one('Pooling', 'pooling_param { kernel_size: 2 kernel_h: 2 kernel_w: 2 }'),
    'has both kernel_size and kernel_h, kernel_w',
  ],
  ['half a kernel', one('Pooling', 'pooling_param { kernel_h: 2 }'), 'needs both kernel_h and kernel_w'],
  ['no outputs', one('InnerProduct'), 'layer "l" (InnerProduct): it has no num_output'],
  [
    'groups that do not divide',
    one('Convolution', 'convolution_param { num_output: 4 kernel_size: 1 group: 3 }'),
    'the groups do not divide',
  ],
  [
    'a kernel too large',
    one('Convolution', 'convolution_param { num_output: 4 kernel_size: 10 }'),
    'does not fit in a side of 9',
  ],
  [
    'unequal sums',
    one('Flatten') + 'layer { name: "e" type: "Eltwise" bottom: "l" bottom: "data" top: "e" }',
    'joins [1, 468] and [1, 4, 9, 13]: all sides but the joined one must be equal',
  ],
  [
    'parts that are not whole',
    `${INPUT}layer { name: "s" type: "Slice" bottom: "data" top: "a" top: "b" top: "c" }`,
    'cuts 4 into 3 equal parts',
  ],
  ['a shape that does not fit', one('Reshape', 'reshape_param { shape { dim: 5 dim: -1 } }'), 'its shape does not fit'],
  [
    'a side of 0',
    'input: "data" input_shape { dim: 1 dim: 0 dim: 9 dim: 9 }' + one('ReLU').slice(INPUT.length),
    'has a side of 0',
  ],
  ['no input', 'layer { name: "l" type: "ReLU" bottom: "data" top: "l" }', 'the net has no input where it is tested'],
  [
    'code of Python',
    one('Python', 'python_param { module: "m" layer: "L" }'),
    'flopscope does not know m.L, which is Python',
  ],
  [
    'shared parameters of two shapes',
    one('Convolution', 'param { name: "w" } convolution_param { num_output: 1 kernel_size: 1 }') +
      'layer { name: "m" type: "Convolution" bottom: "data" top: "m" param { name: "w" } convolution_param { num_output: 1 kernel_size: 3 } }',
    'reads 36 numbers of the tensor "w", which has 4',
  ],
];

describe('a prototxt that does not fit', () => {
  test.each(CASES)('%s', (_, text, says) => {
    const build = (): unknown => graphOf(readCaffe(text, 'net.prototxt'));
    expect(build).toThrow(InputError);
    expect(build).toThrow(says);
    expect(build).toThrow(/^net\.prototxt:/);
  });

  test('a million layers are refused while they are read', () => {
    const layers = 'layer { name: "a" type: "ReLU" bottom: "data" top: "data" }\n'.repeat(1_000_000);
    expect(() => readCaffe(INPUT + layers, 'net.prototxt')).toThrow(
      /^net\.prototxt:\d+:\d+: the file has more than 200000 fields/,
    );
  });
});

test('a net that is only trained is read with the input of the phase TRAIN', () => {
  const data = (phase: string, crop: number): string =>
    `layer { name: "data" type: "Data" top: "data" include { phase: ${phase} } transform_param { crop_size: ${crop} } }`;
  const relu = 'layer { name: "r" type: "ReLU" bottom: "data" top: "r" }';
  expect(readCaffe(data('TRAIN', 24) + relu, 'net.prototxt').input).toEqual([3, 24, 24]);
  expect(readCaffe(data('TRAIN', 24) + data('TEST', 32) + relu, 'net.prototxt').input).toEqual([3, 32, 32]);
  const declared = 'input: "data" input_shape { dim: 1 dim: 3 dim: 40 dim: 40 }';
  expect(readCaffe(declared + data('TRAIN', 24) + relu, 'net.prototxt').input).toEqual([3, 40, 40]);
});
