// Texts of the root group are found in each form; a damaged file is told in one sentence.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { rootTexts } from '../../../src/importers/hdf5/attributes.js';
import { Hdf5File } from '../../../src/importers/hdf5/hdf5File.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { inNewForm, withContinuation, withFixedTexts, withOpenText } from './hdf5Of.js';

const textsOf = (bytes: Uint8Array, names = ['model_config']): Record<string, string> =>
  Object.fromEntries(rootTexts(Hdf5File.open(bytesSource(bytes)), names));

const CONFIG = { name: 'model_config', text: '{"class_name": "Functional", "name": "µ"}' };

const FORMS: readonly (readonly [title: string, bytes: Uint8Array])[] = [
  ['of fixed length in the header', withFixedTexts([{ name: 'backend', text: 'tensorflow' }, CONFIG])],
  ['of open length in a global heap', withOpenText(CONFIG)],
  ['in a second block of the header', withContinuation(CONFIG)],
  ['in a header of version 2', inNewForm(CONFIG)],
];

describe('a text', () => {
  it.each(FORMS)('%s', (_, bytes) => {
    expect(textsOf(bytes)).toEqual({ model_config: CONFIG.text });
  });

  it.each([512, 1024, 4096])('behind a user block of %i bytes', (length) => {
    const bytes = new Uint8Array([...new Uint8Array(length), ...withOpenText(CONFIG)]);
    expect(textsOf(bytes)).toEqual({ model_config: CONFIG.text });
  });

  it('is the first of its name, and those of other names are passed over', () => {
    const bytes = withFixedTexts([CONFIG, { ...CONFIG, text: 'second' }, { name: 'other', text: 'x' }]);
    expect(textsOf(bytes)).toEqual({ model_config: CONFIG.text });
    expect(textsOf(bytes, ['keras_version'])).toEqual({});
  });
});

function refusal(bytes: Uint8Array): string {
  try {
    textsOf(bytes);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'read';
}

const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

const OUTSIDE = 2 ** 40;
const [[, fixed], [, open], [, second], [, fresh]] = FORMS as [
  readonly [string, Uint8Array],
  readonly [string, Uint8Array],
  readonly [string, Uint8Array],
  readonly [string, Uint8Array],
];

describe('a damaged file', () => {
  it.each<readonly [title: string, bytes: Uint8Array, message: string]>([
    ['without a signature', new Uint8Array(200), 'this is not an HDF5 file: its signature is missing'],
    ['of a later version', changed(fixed, 8, 9), 'its HDF5 superblock has version 9, and 0 to 3 are read'],
    ['with addresses of 3 bytes', changed(fixed, 13, 3), 'its HDF5 superblock says sizes of 3 bytes'],
    ['cut in its superblock', fixed.slice(0, 60), 'a block ends too early'],
    ['cut in its header', fixed.slice(0, 120), 'is outside of its 120 bytes'],
    ['with its root outside', changed(fixed, 64, 0, 0, 0, 0, 1), 'byte 4294967296 is outside of its'],
    ['with its root nowhere', changed(fixed, 64, 255, 255, 255, 255, 255, 255, 255, 255), 'is outside of its'],
    ['with a heap outside', withOpenText(CONFIG, OUTSIDE), `byte ${OUTSIDE} is outside of its`],
    ['with a heap where its header is', withOpenText(CONFIG, 96), 'GCOL is expected where another block stands'],
    ['with a block outside', withContinuation(CONFIG, { address: OUTSIDE, length: 8 }), 'is outside of its'],
    [
      'with a block that is too long',
      withContinuation(CONFIG, { address: 96, length: 2 ** 30 }),
      'a header says that it has',
    ],
    [
      'with a block that is the header itself',
      withContinuation(CONFIG, { address: 112, length: 24 }),
      'more than 1000 blocks',
    ],
    ['with a header of a later version', changed(fresh, 52, 3), 'an object header has version 3'],
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  it('is refused or read, whatever its bytes are', () => {
    const spoilt = fc.tuple(
      fc.constantFrom(fixed, open, second, fresh),
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
      fc.nat(400),
    );
    fc.assert(
      fc.property(spoilt, ([bytes, changes, cut]) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at % copy.length] = value;
        expect(refusal(cut % 3 === 0 ? copy.slice(0, cut) : copy)).not.toContain('\n');
      }),
      { seed: 5, numRuns: 3000 },
    );
  });
});
