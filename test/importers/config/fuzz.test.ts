// Can a text break the reader? Thousands of mutations of the examples: each is a model that profiles, or one located sentence.

import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../src/importers/config/configSchema.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const FOLDER = 'fixtures/configs';
const TEXTS = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));

/** Values that numbers, texts and lists of a config are replaced by. */
const HOSTILE = [
  ...['-1', '0', '-0', '1.5', '1e300', '-1e300', '1e-300', '9007199254740991', '9007199254740993', '2147483648'],
  ...[
    '100000',
    '999',
    '.nan',
    '.inf',
    '-.inf',
    'null',
    '~',
    '',
    'true',
    'yes',
    '"32"',
    '"x"',
    '""',
    '[]',
    '{}',
    '[[1]]',
  ],
  ...['[1, 2, 3, 4, 5, 6, 7, 8, 9]', '{ a: 1 }', '&a [*a]', '*a', '&a 3', '!!int 3', '!x 3', '<<', '__proto__'],
  ...[
    'constructor',
    'toString',
    'input',
    '? ',
    '- ',
    '| ',
    '> ',
    '%YAML 1.1',
    '---',
    '...',
    '# ',
    '"',
    "'",
    '\t',
    '\r\n',
  ],
  ...[
    '\u0000',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\u2028',
    'x'.repeat(200),
    '['.repeat(300),
    '0x10',
    '0o7',
    '1_000',
    '1:30',
  ],
  ...['relu', 'conv', 'osa', 'from', 'repeat', 'stage', 'name', 'layers', 'family', 'densenet', 'add', 'flatten'],
];
const TOKEN = /[\w.-]+|[^\w\s]|\n/g;

type Mutation = (text: string) => string;

/** `at` and `to` are fractions of the text, so that a failing case shrinks towards its beginning. */
const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ at: fraction, insert: fc.string({ unit: 'binary', maxLength: 3 }), remove: fc.nat(3) }).map(character),
  fc.record({ at: fraction, to: fc.constantFrom(...HOSTILE) }).map(replaceToken),
  fc.record({ at: fraction, to: fraction }).map(swapTokens),
  fc
    .record({ at: fraction, to: fraction, kind: fc.constantFrom('remove', 'double', 'move', 'indent') })
    .map(changeLine),
);

function character({ at, insert, remove }: { at: number; insert: string; remove: number }): Mutation {
  return (text) => {
    const i = Math.floor(at * text.length);
    return text.slice(0, i) + insert + text.slice(i + remove);
  };
}

function replaceToken({ at, to }: { at: number; to: string }): Mutation {
  return (text) => {
    const tokens = [...text.matchAll(TOKEN)];
    const token = tokens[Math.floor(at * tokens.length)];
    return token ? text.slice(0, token.index) + to + text.slice(token.index + token[0].length) : to;
  };
}

function swapTokens({ at, to }: { at: number; to: number }): Mutation {
  return (text) => {
    const parts = text.split(/([\w.-]+)/);
    const odd = (where: number): number => 2 * Math.floor((where * (parts.length - 1)) / 2) + 1;
    const [i, j] = [odd(at), odd(to)];
    return parts.map((part, k) => (k === i ? (parts[j] ?? '') : k === j ? (parts[i] ?? '') : part)).join('');
  };
}

function changeLine({ at, to, kind }: { at: number; to: number; kind: string }): Mutation {
  return (text) => {
    const lines = text.split('\n');
    const [i, j] = [Math.floor(at * lines.length), Math.floor(to * lines.length)];
    const line = lines[i]!;
    if (kind === 'indent') return lines.with(i, `  ${line}`).join('\n');
    if (kind === 'double') return lines.toSpliced(j, 0, line).join('\n');
    const without = lines.toSpliced(i, 1);
    return (kind === 'move' ? without.toSpliced(j, 0, line) : without).join('\n');
  };
}

const mutated = fc
  .record({ text: fc.constantFrom(...TEXTS), mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }) })
  .map(({ text, mutations }) => mutations.reduce((result, mutate) => mutate(result), text));

/** The model, or undefined where the text was refused in one located sentence. */
function accepted(text: string): Model | undefined {
  try {
    const model = readConfig(text, 'net.yaml');
    checkTotals(model);
    return model;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message.length).toBeLessThan(800);
    expect(message).not.toMatch(/[\n\r]|undefined|\[object|NaN is|TypeError|RangeError/);
    return undefined;
  }
}

function checkTotals(model: Model): void {
  let graph;
  try {
    graph = graphOf(model);
  } catch (error) {
    if (error instanceof InputError) expect(error.message).toMatch(/^net\.yaml:\d+:\d+: /);
    throw error;
  }
  const { totals } = profile(graph);
  const { conv, linear, unfused, fused } = totals.memoryAccess;
  for (const value of [totals.params, totals.multAdds, totals.flops, conv, linear, unfused, fused]) {
    expect(Number.isSafeInteger(value)).toBe(true);
    expect(value).toBeGreaterThanOrEqual(0);
  }
}

describe('readConfig', () => {
  it('takes thousands of mutated examples, or refuses them in one sentence', () => {
    let models = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (accepted(text)) models++;
      }),
      { seed: 4711, numRuns: 4000 },
    );
    // Both ways are gone often: mutations that broke every text would test the parser alone.
    expect(models).toBeGreaterThan(200);
    expect(models).toBeLessThan(3800);
  });

  it('takes or refuses any text at all', () => {
    const word = fc.oneof(fc.constantFrom(...HOSTILE, ': ', ', ', '\n', '\n  ', '- ', '{', '}', '[', ']'), fc.string());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => void accepted(words.join(''))),
      { seed: 4712, numRuns: 3000 },
    );
  });

  it('says where, from the reader and from build alike', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        try {
          readConfig(text, 'net.yaml');
        } catch (error) {
          expect((error as Error).message).toMatch(/^net\.yaml:\d+:\d+: \S/);
          const [, line, column] = /:(\d+):(\d+): /.exec((error as Error).message)!;
          const lines = text.split(/\r\n|\n/);
          expect(Number(line)).toBeLessThanOrEqual(lines.length);
          expect(Number(column)).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { seed: 4713, numRuns: 1500 },
    );
  });

  it('accepts nothing that the published schema refuses', () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(configSchema());
    fc.assert(
      fc.property(mutated, (text) => {
        if (accepted(text)) expect(validate(parse(text))).toBe(true);
      }),
      { seed: 4714, numRuns: 1500 },
    );
  });
});
