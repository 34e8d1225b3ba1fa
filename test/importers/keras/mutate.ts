// Spoils a model of Keras for the fuzz test: settings, references and lists. All is seeded.

import { randomOf } from '../onnx/mutate.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { openArchive } from '../../../src/importers/zip/archive.js';
import { withFixedTexts } from '../hdf5/hdf5Of.js';
import { zipOf } from '../zip/zipOf.js';
import { called, functional, input, layer, tensor, type Data } from './keras3.js';

type Random = ReturnType<typeof randomOf>;
type Tree = Record<string, unknown>;

const [x, pixels] = [tensor('x'), tensor('pixels')];
const next = (className: string, name: string, config: Data, ...args: readonly unknown[]): Data =>
  called(layer(className, config, name), { args });
const SEQUENCE = { return_sequences: true };

/** Recurrent layers, attention, steps of images and operations, in one network. */
const NET = functional(
  [
    input('x', [10, 6]),
    input('pixels', [4, 8, 8, 3]),
    next('Conv1D', 'conv', { filters: 6, kernel_size: [3], padding: 'causal' }, x),
    next('MultiHeadAttention', 'mha', { num_heads: 2, key_dim: 3, value_dim: 3 }, tensor('conv'), x),
    next('LayerNormalization', 'norm', { axis: [-1] }, tensor('mha')),
    next(
      'Bidirectional',
      'both',
      { merge_mode: 'concat', layer: layer('GRU', { units: 4, ...SEQUENCE }) },
      tensor('norm'),
    ),
    next('RNN', 'rnn', { cell: layer('LSTMCell', { units: 5 }), return_state: true }, tensor('both')),
    next('EinsumDense', 'einsum', { equation: 'ab,bc->ac', output_shape: 4, bias_axes: 'c' }, tensor('rnn', 1)),
    next('ConvLSTM2D', 'steps', { filters: 2, kernel_size: [3, 3], padding: 'same', ...SEQUENCE }, pixels),
    next('TimeDistributed', 'each', { layer: layer('Conv2D', { filters: 3, kernel_size: [3, 3] }) }, tensor('steps')),
    next('Conv3D', 'volume', { filters: 2, kernel_size: [2, 2, 2], strides: [1, 1, 1] }, tensor('each')),
    next('GlobalAveragePooling3D', 'pool', { keepdims: false }, tensor('volume')),
    next('Split', 'split', { indices_or_sections: 2, axis: 1 }, tensor('einsum')),
    next('Concatenate', 'join', { axis: -1 }, [tensor('split', 1), tensor('pool')]),
    next('GetItem', 'part', {}, tensor('join'), [
      { class_name: 'slice', config: { start: null, stop: null, step: null } },
      { class_name: 'slice', config: { start: 0, stop: 3, step: 1 } },
    ]),
  ],
  [['part', 0, 0]],
);

export const TEXT = JSON.stringify(NET);

const NUMBERS = [-1, 0, 1, 2, 3, 7, 64, 1000, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 31), 1e300];
const TEXTS = [
  '',
  'x',
  'conv',
  'same',
  'relu',
  'constructor',
  '__proto__',
  'a,b->c',
  'LSTM',
  'Dense',
  'Reshape',
  'Matmul',
];
const VALUES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [1, 1],
  ['x', 0, 0],
  { class_name: 'LSTM' },
  { config: null },
  x,
];

/**
 * JSON with a few changes, or an HDF5 file or an archive whose bytes are changed too.
 * @param files real archives and HDF5 files, none to spoil only the network above
 */
export function mutant(files: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomOf(seed);
  return files.length > 0 && random(2) === 0 ? ofFile(files[random(files.length)]!, random) : ofNetwork(random);
}

const CONFIG = 'config.json';

/** The network of a real archive changes, or the bytes of a real file do, mostly where its records stand. */
function ofFile(file: Uint8Array, random: Random): Uint8Array {
  const isArchive = file[0] === 0x50;
  if (isArchive && random(2) === 0) {
    const model = JSON.parse(openArchive(bytesSource(file)).text(CONFIG, 2 ** 26)) as Tree;
    for (let left = 1 + random(3); left > 0; left--) change(model, random);
    return zipOf([{ name: CONFIG, content: JSON.stringify(model), deflate: random(2) === 0 }]);
  }
  const bytes = new Uint8Array(file);
  const near = Math.min(bytes.length, random(2) === 0 ? 400 : 4096);
  for (let left = 1 + random(6); left > 0; left--) {
    const at = random(3) === 0 ? random(bytes.length) : isArchive ? bytes.length - 1 - random(near) : random(near);
    bytes[at] = random(3) === 0 ? 255 : random(256);
  }
  return random(10) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}

function ofNetwork(random: Random): Uint8Array {
  const model = JSON.parse(TEXT) as Tree;
  for (let left = 1 + random(3); left > 0; left--) change(model, random);
  const text = JSON.stringify(model);
  if (random(4) > 0) return new TextEncoder().encode(text);
  const bytes = withFixedTexts([{ name: 'model_config', text: random(2) === 0 ? text : '{}' }]);
  for (let left = 1 + random(4); left > 0; left--) bytes[random(Math.min(bytes.length, 220))] = random(256);
  return random(10) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}

/** One leaf takes another value, or a key goes. */
function change(tree: Tree, random: Random): void {
  let part = tree;
  for (;;) {
    const keys = Object.keys(part);
    const key = keys[random(keys.length)];
    if (key === undefined) return;
    const value = part[key];
    const isLeaf = typeof value !== 'object' || value === null;
    if (isLeaf || random(12) === 0) {
      if (random(8) === 0) Reflect.deleteProperty(part, key);
      else if (typeof value === 'number' && random(3) > 0) part[key] = NUMBERS[random(NUMBERS.length)];
      else part[key] = structuredClone([TEXTS, NUMBERS, VALUES][random(3)]![random(10)]);
      return;
    }
    part = value as Tree;
  }
}
