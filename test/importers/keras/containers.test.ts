// JSON, a `.keras` archive and a `.h5` file give the same network. The bytes decide.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { formatOf, readModel } from '../../../src/importers/readModel.js';
import { withFixedTexts, withOpenText } from '../hdf5/hdf5Of.js';
import { zipOf } from '../zip/zipOf.js';
import { layer, sequential } from './keras3.js';

const NET = sequential(
  [16, 16, 3],
  layer('Conv2D', { filters: 4, kernel_size: [3, 3] }),
  layer('GlobalAveragePooling2D'),
  layer('Dense', { units: 2 }),
);
const TEXT = JSON.stringify(NET);
const METADATA = { name: 'metadata.json', content: '{"keras_version": "3.15.1"}' };
const WEIGHTS = { name: 'model.weights.h5', content: new Uint8Array(4096) };

const file = (name: string, bytes: Uint8Array) => ({ name, source: bytesSource(bytes) });

const archive = (deflate: boolean): Uint8Array =>
  zipOf([METADATA, { name: 'config.json', content: TEXT, deflate }, { ...WEIGHTS, deflate }]);

describe('the same network', () => {
  it.each<readonly [kind: string, name: string, bytes: Uint8Array]>([
    ['tfjs', 'net.json', new TextEncoder().encode(TEXT)],
    ['keras', 'net.keras', archive(false)],
    ['keras', 'packed.keras', archive(true)],
    ['keras', 'no.ending', archive(true)],
    ['keras-h5', 'net.h5', withFixedTexts([{ name: 'model_config', text: TEXT }])],
    ['keras-h5', 'net.hdf5', withOpenText({ name: 'model_config', text: TEXT })],
    ['keras-h5', 'no.ending', withOpenText({ name: 'model_config', text: TEXT })],
  ])('%s: %s', async (kind, name, bytes) => {
    expect(formatOf(file(name, bytes)).id).toBe(kind);
    const model = await readModel(file(name, bytes));
    expect(model).toMatchObject({ source: kind, input: [3, 16, 16] });
    const { totals } = profile(graphOf(model));
    expect(totals).toMatchObject({ params: 112 + 10, multAdds: 14 * 14 * 108 + 8 });
  });
});

async function refusal(name: string, bytes: Uint8Array): Promise<string> {
  try {
    await readModel(file(name, bytes));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'read';
}

const WEIGHTS_ALONE = 'it holds weights of Keras without the model: save the whole model by model.save("NAME.keras")';

describe('a file without a model says so', () => {
  it.each<readonly [title: string, name: string, bytes: Uint8Array, message: string]>([
    ['weights of Keras 2', 'w.h5', withFixedTexts([{ name: 'keras_version', text: '2.15.0' }]), WEIGHTS_ALONE],
    ['weights of Keras 1', 'w.h5', withFixedTexts([{ name: 'layer_names', text: 'conv' }]), WEIGHTS_ALONE],
    ['weights of Keras 3', 'm.weights.h5', withFixedTexts([{ name: 'other', text: 'x' }]), WEIGHTS_ALONE],
    [
      'any HDF5',
      'data.h5',
      withFixedTexts([{ name: 'other', text: 'x' }]),
      'it is an HDF5 file without a model of Keras',
    ],
    ['an archive without a config', 'm.keras', zipOf([METADATA]), 'the zip archive has no config.json'],
    [
      'an archive with a spoilt config',
      'm.keras',
      zipOf([{ name: 'config.json', content: '{' }]),
      'this is not valid JSON',
    ],
    [
      'an archive with a list',
      'm.keras',
      zipOf([{ name: 'config.json', content: '[]' }]),
      'a model is a mapping, not []',
    ],
    [
      'a subclass',
      'm.keras',
      zipOf([{ name: 'config.json', content: '{"class_name": "Mine", "config": {}}' }]),
      'its class_name is "Mine", and Sequential and Functional models are read',
    ],
    ['a cut archive', 'm.keras', archive(false).slice(0, -30), 'm.keras'],
    ['an empty file', 'm.keras', new Uint8Array(0), 'it is empty'],
    ['a text', 'm.h5', new TextEncoder().encode('no model'), 'this is not an HDF5 file: its signature is missing'],
  ])('%s', async (_, name, bytes, message) => {
    const text = await refusal(name, bytes);
    expect(text).toContain(message);
    expect(text.startsWith(`${name}: `)).toBe(true);
    expect(text).not.toContain('\n');
  });
});
