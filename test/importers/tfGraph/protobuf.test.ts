// Frozen graphs and SavedModels are read from their bytes, with their functions inlined.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { bytesSource, type ReadOptions } from '../../../src/importers/modelFile.js';
import { formatOf, readModel } from '../../../src/importers/readModel.js';
import {
  call,
  conv,
  frozen,
  node,
  numbers,
  placeholder,
  savedModel,
  variable,
  weight,
  type Body,
  type Node,
} from './graphBytes.js';

const file = (bytes: Uint8Array, name = 'net.pb') => ({ name, source: bytesSource(bytes) });

async function profileOf(bytes: Uint8Array, options: ReadOptions = {}): Promise<Profile> {
  const model = await readModel(file(bytes), options);
  return profile(graphOf(model), { source: model.source });
}

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await profileOf(bytes);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'read';
}

const IMAGE = placeholder('x', [null, 16, 16, 3]);
/** A convolution of 3 to 4 channels with its offset, then a pool and a product. */
const NET: readonly Node[] = [
  IMAGE,
  weight('filter', 3, 3, 3, 4),
  weight('offset', 4),
  conv('conv', 'x', 'filter', 2),
  node('conv/BiasAdd', 'BiasAdd', ['conv', 'offset']),
  node('relu', 'Relu', ['conv/BiasAdd']),
  numbers('axes', 1, 2),
  node('pool', 'Mean', ['relu', 'axes']),
  weight('kernel', 4, 10),
  node('product', 'MatMul', ['pool', 'kernel']),
  node('Identity', 'Identity', ['product', '^relu']),
];
const COUNTS = { params: 108 + 4 + 40, multAdds: 64 * 108 + 40 };

describe('a frozen graph', () => {
  it('is known by its bytes, and counted', async () => {
    expect(formatOf(file(frozen(NET), 'graph')).id).toBe('tensorflow');
    const { source, totals, layers } = await profileOf(frozen(NET));
    expect(source).toBe('tensorflow');
    expect(totals).toMatchObject(COUNTS);
    expect(layers.at(-1)!.outShape).toEqual([1, 10]);
  });

  it('may have its nodes in any order', async () => {
    expect((await profileOf(frozen([...NET].reverse()))).totals).toMatchObject(COUNTS);
  });
});

/** The same network in a function that the top graph calls with the image and the weights. */
const INNER: Body = {
  name: '__inference_call_1',
  inputs: ['image', 'filter_of', 'kernel_of'],
  returns: { identity: 'Identity:output:0' },
  nodes: [
    node('read', 'ReadVariableOp', ['filter_of']),
    conv('conv', 'image', 'read:value:0', 2),
    node('relu', 'Relu', ['conv:output:0']),
    numbers('axes', 1, 2),
    node('pool', 'Mean', ['relu:activations:0', 'axes:output:0']),
    node('read_kernel', 'ReadVariableOp', ['kernel_of']),
    node('product', 'MatMul', ['pool:output:0', 'read_kernel:value:0']),
    node('Identity', 'Identity', ['product:product:0']),
  ],
};
const OUTER: Body = {
  name: '__inference_signature_wrapper_2',
  inputs: ['image', 'a', 'b'],
  returns: { output_0: 'Inner:output:0' },
  nodes: [call('Inner', INNER.name, ['image', 'a', 'b'])],
};
const VARIABLES = [...variable('filter', 3, 3, 3, 4), ...variable('kernel', 4, 10)];
const SIGNATURE = { inputs: { image: 'x:0' }, outputs: { output_0: 'Outer:0' } };

describe('a SavedModel', () => {
  const top = [IMAGE, ...VARIABLES, call('Outer', OUTER.name, ['x', 'filter', 'kernel'])];

  it('is known by its bytes, and functions are counted where they are called', async () => {
    const bytes = savedModel(top, [INNER, OUTER], { serving_default: SIGNATURE });
    expect(formatOf(file(bytes, 'saved_model.pb')).id).toBe('tensorflow');
    const { totals } = await profileOf(bytes);
    expect(totals).toMatchObject({ params: 148, multAdds: COUNTS.multAdds });
  });

  it('counts weights once where a function is called twice', async () => {
    const twice = [
      ...top,
      call('Again', OUTER.name, ['x', 'filter', 'kernel']),
      node('sum', 'AddV2', ['Outer', 'Again']),
    ];
    const signature = { ...SIGNATURE, outputs: { sum: 'sum:0' } };
    const { totals } = await profileOf(savedModel(twice, [INNER, OUTER], { serving_default: signature }));
    expect(totals).toMatchObject({ params: 148, multAdds: 2 * COUNTS.multAdds });
  });

  it('takes the first signature where none is the default', async () => {
    const { totals } = await profileOf(savedModel(top, [INNER, OUTER], { mine: SIGNATURE }));
    expect(totals.params).toBe(148);
  });

  it('says what it lacks', async () => {
    expect(await refusal(savedModel(top, [INNER, OUTER], {}))).toContain('it has no signature');
    expect(await refusal(savedModel(top, [OUTER], { serving_default: SIGNATURE }))).toContain(
      'node "Inner" calls the function "__inference_call_1", which is not in the file',
    );
    const nowhere = { ...SIGNATURE, outputs: { output_0: 'nothing:0' } };
    expect(await refusal(savedModel(top, [INNER, OUTER], { serving_default: nowhere }))).toContain(
      'an output takes its input from "nothing", which is not there',
    );
  });
});

describe('functions that call each other', () => {
  const body = (name: string, ...nodes: readonly Node[]): Body => ({
    name,
    inputs: ['x'],
    returns: { y: `${nodes.at(-1)!.name}:output:0` },
    nodes,
  });
  const top = [IMAGE, call('top', 'f', ['x']), node('relu', 'Relu', ['top'])];

  it.each<readonly [title: string, bodies: readonly Body[]]>([
    ['itself', [body('f', call('again', 'f', ['x']))]],
    ['in a circle', [body('f', call('a', 'g', ['x'])), body('g', call('b', 'f', ['x']))]],
    ['itself behind a layer', [body('f', node('relu', 'Relu', ['x']), call('again', 'f', ['relu:activations:0']))]],
    ['itself before a layer', [body('f', call('again', 'f', ['x']), node('last', 'Identity', ['again:output:0']))]],
  ])('%s are refused', async (_, bodies) => {
    expect(await refusal(frozen(top, bodies))).toContain('its functions call each other more than 64 deep');
  });

  it('twice on each of many levels are refused before they fill the memory', async () => {
    const level = (i: number): Body =>
      body(
        i === 0 ? 'f' : `f${i}`,
        call('a', `f${i + 1}`, ['x']),
        call('b', `f${i + 1}`, ['x']),
        node('sum', 'AddV2', ['a:output:0', 'b:output:0']),
      );
    const bodies = [...Array.from({ length: 40 }, (_, i) => level(i)), body('f40', node('relu', 'Relu', ['x']))];
    expect(await refusal(frozen(top, bodies))).toContain('20000 times');
  });

  it('hand their argument through without a node', async () => {
    const through: Body = { name: 'f', inputs: ['x'], returns: { y: 'x' }, nodes: [] };
    expect((await profileOf(frozen(top, [through]))).layers.map(({ op }) => op)).toEqual(['relu']);
  });

  it('without the input that they take are refused', async () => {
    const none = [IMAGE, call('top', 'f', []), node('relu', 'Relu', ['top'])];
    const bodies = [body('f', node('inner', 'Relu', ['x']))];
    expect(await refusal(frozen(none, bodies))).toContain('has no input 0');
  });
});

describe('a damaged graph', () => {
  it.each<readonly [title: string, nodes: readonly Node[], message: string]>([
    ['with an op that nobody knows', [IMAGE, node('mine', 'MyOp', ['x'])], 'flopscope does not know MyOp'],
    [
      'with the name of a property as its op',
      [IMAGE, node('a', 'constructor', ['x:y:0']), node('b', 'Relu', ['a:z:0'])],
      'constructor',
    ],
    ['with an input that is not there', [IMAGE, node('relu', 'Relu', ['y'])], '"y", which is not there'],
    ['with two nodes of one name', [IMAGE, IMAGE], 'two of its nodes have the name "x"'],
    [
      'in a cycle',
      [IMAGE, node('a', 'AddV2', ['x', 'b']), node('b', 'Relu', ['a']), node('c', 'Relu', ['b'])],
      'cycle',
    ],
    ['without an input', [weight('w', 3), node('relu', 'Relu', ['w'])], 'its graph has no input'],
    ['without an output', [IMAGE], 'the graph has no output'],
    ['with a filter for other channels', [IMAGE, weight('w', 3, 3, 5, 4), conv('c', 'x', 'w')], '"c"'],
  ])('%s', async (_, nodes, message) => {
    const text = await refusal(frozen(nodes));
    expect(text).toContain(message);
    expect(text.startsWith('net.pb: ') || text.startsWith('flopscope')).toBe(true);
    expect(text).not.toContain('\n');
  });

  it('that is cut is refused', async () => {
    const bytes = frozen(NET);
    for (let length = 8; length < bytes.length; length += 37) {
      const text = await refusal(bytes.slice(0, length));
      expect(text).not.toContain('\n');
    }
  });
});
