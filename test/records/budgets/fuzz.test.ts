// Can a text break the reader of budgets or of baselines? Thousands of mutations: each is read, or refused in one sentence.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf, keyOf } from '../../../src/budgets/baseline.js';
import { baselineJson, readBaseline } from '../../../src/records/budgets/baselineJson.js';
import { readBudgets } from '../../../src/records/budgets/readBudgets.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const FOLDER = 'fixtures/budgets';
const BUDGETS = ['flopscope.budgets.yaml', 'measured.budgets.yaml'].map((file) =>
  readFileSync(`${FOLDER}/${file}`, 'utf8'),
);
const slim = readConfig(readFileSync(`${FOLDER}/nets/slim.yaml`, 'utf8'), 'slim.yaml');
const counted = profile(graphOf(slim));
const BASELINE = baselineJson(new Map([[keyOf('slim', counted.input), baselineOf({ profile: counted, run: null })]]));

const HOSTILE = [
  ...[
    '-1',
    '0',
    '1.5',
    '1e300',
    '.nan',
    '.inf',
    'null',
    '~',
    '',
    'true',
    '"32"',
    '""',
    '[]',
    '{}',
    '[[1]]',
    '{ a: 1 }',
  ],
  ...[
    '9007199254740993',
    '+2%',
    '-2%',
    '2%',
    '8.1M',
    '8.1Q',
    '%',
    '+',
    '-',
    '&a [*a]',
    '*a',
    '!!int 3',
    '<<',
    '__proto__',
  ],
  ...[
    'constructor',
    'toString',
    '? ',
    '- ',
    '| ',
    '> ',
    '---',
    '...',
    '# ',
    '"',
    "'",
    '\t',
    '\r\n',
    '\u0000',
    '\u202e',
  ],
  ...[
    '\ud800',
    '\u2028',
    'x'.repeat(2000),
    '['.repeat(300),
    '{'.repeat(300),
    '1_000',
    '1:30',
    'params',
    'run',
    'limits',
  ],
];
const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
type Mutation = (text: string) => string;
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .record({ at: fraction, insert: fc.string({ unit: 'binary', maxLength: 3 }), remove: fc.nat(3) })
    .map(({ at, insert, remove }) => (text: string) => {
      const i = Math.floor(at * text.length);
      return text.slice(0, i) + insert + text.slice(i + remove);
    }),
  fc.record({ at: fraction, to: fc.constantFrom(...HOSTILE) }).map(({ at, to }) => (text: string) => {
    const tokens = [...text.matchAll(/[\w.+%-]+|[^\w\s]|\n/g)];
    const token = tokens[Math.floor(at * tokens.length)];
    return token ? text.slice(0, token.index) + to + text.slice(token.index + token[0].length) : to;
  }),
  fc.record({ at: fraction, to: fraction }).map(({ at, to }) => (text: string) => {
    const lines = text.split('\n');
    const i = Math.floor(at * lines.length);
    return lines
      .toSpliced(i, 1)
      .toSpliced(Math.floor(to * lines.length), 0, lines[i]!)
      .join('\n');
  }),
);
const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([text, steps]) => steps.reduce((all, step) => step(all), text));

/** undefined for a text that was read. */
function sentence(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

describe('a mutated text', () => {
  it('of a budgets file is read, with limits that make sense, or refused at a place', () => {
    let read = 0;
    fc.assert(
      fc.property(mutated(BUDGETS), (text) => {
        const message = sentence(() => {
          const { entries } = readBudgets(text, 'b.yaml');
          read++;
          for (const { limits, model, file } of entries) {
            expect(limits.length).toBeGreaterThan(0);
            expect(model === null).toBe(file !== null);
          }
        });
        if (message !== undefined) expect(message).toMatch(/^b\.yaml:\d+:\d+: [^\n]{1,900}$/);
      }),
      { seed: 3, numRuns: 10_000 },
    );
    // Most mutations of a comment or a number leave a file that is still one.
    expect(read).toBeGreaterThan(500);
  });

  it('of a baseline is read, or refused with the file named', () => {
    fc.assert(
      fc.property(mutated([BASELINE]), (text) => {
        const message = sentence(() => readBaseline(text, 'b.json'));
        if (message !== undefined) expect(message).toMatch(/^b\.json:.{1,900}$/s);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
