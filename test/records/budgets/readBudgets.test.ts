// What does a budgets file say? Its networks and limits with their places; every mistake is one located sentence.

import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { budgetsSchema } from '../../../src/records/budgets/budgetsSchema.js';
import { readBudgets } from '../../../src/records/budgets/readBudgets.js';
import { InputError } from '../../../src/inputError.js';

const FOLDER = 'fixtures/budgets';
const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

const refused = (text: string, file = 'b.yaml'): string => {
  try {
    readBudgets(text, file);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('nothing was wrong');
};

describe('readBudgets', () => {
  it('gives every network its name, input, batch and limits, each with its place', () => {
    const text = `baseline: main.json
budgets:
  - model: resnet50
    limits: { params: 26M, memoryAccess: { fused: +2% } }
  - file: nets/a.yaml
    name: detector
    input: 3x96x64
    batch: 8
    run: run.json
    limits:
      ms: 12
`;
    const { baseline, entries } = readBudgets(text, 'b.yaml');
    expect(baseline).toBe('main.json');
    expect(entries).toEqual([
      {
        ...{
          name: 'resnet50',
          model: 'resnet50',
          file: null,
          input: null,
          batch: null,
          run: null,
          training: null,
          forbid: [],
          place: 'b.yaml:3:5',
        },
        limits: [
          { metric: 'params', limit: { kind: 'absolute', text: '26M', value: 26_000_000 }, place: 'b.yaml:4:23' },
          {
            metric: 'memoryAccess.fused',
            limit: { kind: 'relative', text: '+2%', percent: { digits: 2n, decimals: 0 } },
            place: 'b.yaml:4:51',
          },
        ],
      },
      {
        ...{
          name: 'detector',
          model: null,
          file: 'nets/a.yaml',
          input: [3, 96, 64],
          batch: 8,
          run: 'run.json',
          training: null,
          forbid: [],
        },
        place: 'b.yaml:5:5',
        limits: [{ metric: 'ms', limit: { kind: 'absolute', text: '12', value: 12 }, place: 'b.yaml:11:11' }],
      },
    ]);
  });

  it('reads JSON too', () => {
    const text = '{"budgets": [{"model": "resnet50", "limits": {"params": 1}}]}';
    expect(readBudgets(text, 'b.json').entries[0]?.limits[0]?.place).toBe('b.json:1:57');
  });

  const one = (entry: string): string => `budgets:\n  - ${entry}\n`;
  it.each([
    ['', 'b.yaml:1:1: the file is empty: list networks under budgets:'],
    ['- a', 'b.yaml:1:1: a budgets file is a mapping of its fields'],
    ['budgets: []', 'b.yaml:1:10: budgets must be a list of at least one network'],
    ['budget: []', 'b.yaml:1:1: a budgets file has no field "budget"; the nearest is budgets'],
    ['budgets: [3]', 'b.yaml:1:11: a network of the budgets is a mapping of its fields, not 3'],
    [one('limits: { params: 1 }'), 'b.yaml:2:5: a network of the budgets is named by model: or file:'],
    [one('{ model: a, file: b.yaml, limits: { params: 1 } }'), 'b.yaml:2:17: a network of the budgets is named by'],
    [one('{ model: a }'), 'b.yaml:2:5: limits are missing'],
    [one('{ model: a, limits: }'), 'b.yaml:2:5: limits are missing'],
    [one('{ model: a, limits: {} }'), 'b.yaml:2:25: the limits of "a" are empty'],
    [one('{ model: a, limits: { memoryAccess: {} } }'), 'b.yaml:2:25: the limits of "a" are empty'],
    [one('{ model: a, limits: 3 }'), 'b.yaml:2:25: the limits is a mapping'],
    [one('{ model: a, limits: { param: 3 } }'), 'b.yaml:2:27: the limits has no field "param"; the nearest is params'],
    [one('{ model: a, limits: { memoryAccess: 3 } }'), 'b.yaml:2:41: memoryAccess is a mapping'],
    [one('{ model: a, limits: { memoryAccess: { con: 3 } } }'), 'has no field "con"; the nearest is conv'],
    [one('{ model: a, limits: { params: 8.1 } }'), 'b.yaml:2:35: params is limited to 8.1'],
    [one('{ model: a, limits: { ms: 8.1 } }'), 'b.yaml:2:27: ms is measured: name the file of flopscope measure -o'],
    [one('{ model: a, batch: 0, limits: { params: 1 } }'), 'b.yaml:2:24: batch must be a positive whole number, not 0'],
    [one('{ model: a, input: 224, limits: { params: 1 } }'), 'b.yaml:2:24: input must be channels x height x width'],
    [one('{ file: net, limits: { params: 1 } }'), 'b.yaml:2:13: file must be the path of a model file with its ending'],
    [
      one('{ model: nets/a.yaml, limits: { params: 1 } }'),
      'b.yaml:2:14: model must be a built-in name (flopscope list); a file is named by file:',
    ],
    [one('{ model: a, limit: { params: 1 } }'), 'b.yaml:2:17: a network of the budgets has no field "limit"'],
    [
      'baseline: x.yaml\n' + one('{ model: a, limits: { params: 1 } }'),
      'b.yaml:1:11: baseline must be the path of a .json',
    ],
    [one('{ model: a, limits: { params: 1, params: 2 } }'), 'the key "params" stands here twice'],
    [one('{ model: a, limits: { params: 1 }'), 'this is not valid YAML'],
    ['budgets: *x', 'the alias *x has no anchor'],
  ])('refuses %j', (text, expected) => {
    const message = refused(text);
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
  });

  it('reports the first of many mistakes, and how many more there are', () => {
    const text = one('{ model: a, limits: { params: x, ms: 1, balance: 0 } }');
    expect(refused(text)).toMatch(/^b\.yaml:2:35: params must be .*\(and 2 more\)$/);
  });
});

describe('the schema', () => {
  const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(budgetsSchema());

  it.each(EXAMPLES)('accepts %s, which is read', (file) => {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    expect(readBudgets(text, file).entries.length).toBeGreaterThan(0);
    expect(valid(parse(text))).toBe(true);
  });

  it('needs no limits where findings are forbidden', () => {
    expect(valid({ budgets: [{ model: 'a', forbid: ['dead-ends'] }] })).toBe(true);
    expect(valid({ forbid: ['dead-ends'], budgets: [{ model: 'a' }] })).toBe(true);
    expect(valid({ budgets: [{ model: 'a', forbid: ['dead-end'] }] })).toBe(false);
  });

  it('refuses unknown keys, missing limits and values of another kind', () => {
    for (const wrong of [
      { budgets: [] },
      { budgets: [{ model: 'a' }] },
      { budgets: [{ model: 'a', limits: { param: 1 } }] },
      { budgets: [{ model: 'a', limits: { params: [1] } }] },
      { budgets: [{ model: 'a', limits: { memoryAccess: { bytes: 1 } } }] },
    ])
      expect(valid(wrong)).toBe(false);
  });
});
