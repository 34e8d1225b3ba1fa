// Can a file break the reader? Thousands of mutations: each is a model that profiles, or one sentence that names the file.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weightFilesOf } from './weightFiles.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { readTfjs } from '../../../src/importers/tfjs/readTfjs.js';
import { mobilenetV2 } from '../keras/applications.js';
import { FILES } from './files.js';

const HOSTILE: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    2,
    3,
    0.5,
    1e9,
    2 ** 31,
    2 ** 53,
    1e300,
    '',
    'x',
    '__proto__',
    'constructor',
    'relu',
  ],
  ...[
    'same',
    'valid',
    'channels_first',
    'softmax',
    [],
    {},
    [[]],
    [1, 1],
    [null, 3, 3, 3],
    [0, 0],
    [
      [1, 2],
      [3, 4],
    ],
    ['input_1', 0, 0],
  ],
  ...[
    { class_name: 'ReLU', config: {} },
    { class_name: '__keras_tensor__' },
    'Conv2D',
    'Dense',
    'Add',
    'Sequential',
    'Functional',
  ],
  ...['x'.repeat(5000), '\u0000', '\ud800', Array.from({ length: 50 }, () => 2)],
];

type Change = (data: unknown) => void;

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** Every place in the data that holds a value: [what holds it, its key]. */
function placesIn(data: unknown): readonly (readonly [Record<string, unknown>, string])[] {
  const places: [Record<string, unknown>, string][] = [];
  const queue = [data];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      queue.push(inner);
    }
  }
  return places;
}

const at = (data: unknown, where: number) => {
  const places = placesIn(data);
  return places[Math.floor(where * places.length)] ?? [{}, ''];
};

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ where: fraction, to: fc.constantFrom(...HOSTILE) }).map(({ where, to }): Change => (data) => {
    const [holder, key] = at(data, where);
    holder[key] = structuredClone(to);
  }),
  fc.record({ where: fraction, other: fraction }).map(({ where, other }): Change => (data) => {
    const [[holder, key], [from, name]] = [at(data, where), at(data, other)];
    const [a, b] = [holder[key], from[name]];
    // A copy: a value inside itself would be no JSON.
    holder[key] = JSON.parse(JSON.stringify(b ?? null)) as unknown;
    if (JSON.stringify(a ?? null).length < 200) from[name] = structuredClone(a);
  }),
  fraction.map((where): Change => (data) => {
    const [holder, key] = at(data, where);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  }),
);

function demandHandled(text: string): void {
  const started = performance.now();
  try {
    const model = readTfjs(text, 'model.json', weightFilesOf('fixtures/tfjs/graph.json'));
    const { totals } = profile(graphOf(model, model.batch));
    for (const count of [totals.params, totals.multAdds, totals.memoryAccess.unfused])
      expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toMatch(/\n/);
  }
  expect(performance.now() - started).toBeLessThan(5000);
}

const TEXTS = [...FILES.map((file) => readFileSync(file, 'utf8')), JSON.stringify(mobilenetV2().keras3())];

it('any change of the data is a model or one sentence', () => {
  fc.assert(
    fc.property(fc.nat(TEXTS.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }), (which, changes) => {
      const data: unknown = JSON.parse(TEXTS[which]!);
      for (const apply of changes) apply(data);
      demandHandled(JSON.stringify(data));
    }),
    { numRuns: 3000 },
  );
});

it('any cut or scrambled text is a model or one sentence', () => {
  fc.assert(
    fc.property(
      fc.nat(TEXTS.length - 1),
      fraction,
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.nat(40),
      (which, where, put, gone) => {
        const text = TEXTS[which]!;
        const place = Math.floor(where * text.length);
        demandHandled(text.slice(0, place) + put + text.slice(place + gone));
        demandHandled(text.slice(0, place));
      },
    ),
    { numRuns: 1000 },
  );
});
