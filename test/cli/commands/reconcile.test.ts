// Does flopscope reconcile keep its contract? Formats, flags, what it says, and how it refuses.

import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInNames } from '../../../src/builtIn.js';
import { counterNames } from '../../../src/counters/table.js';
import type { FigureOrigin } from '../../../src/counters/likely.js';
import type { Reconciliation } from '../../../src/counters/reconcile.js';
import { capture } from '../capture.js';

const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { out, err, code } = await capture(['reconcile', ...args, '--format', 'json']);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out) as T;
};

describe('flopscope reconcile', () => {
  it('prints the JSON contract: schema, own counts, implementation and every counter with its items', async () => {
    const result = await json<Reconciliation>('densenet121');
    expect(result).toMatchObject({
      schema: 'flopscope.reconcile/1',
      model: 'densenet121',
      source: 'built-in',
      input: { n: 1, c: 3, h: 224, w: 224 },
      params: 7_978_856,
      multAdds: 2_834_161_664,
      activations: 6_900_200,
      implementation: { name: 'torchvision' },
    });
    expect(result.counters.map(({ counter }) => counter)).toEqual(counterNames());
    expect(result.counters[1]).toEqual({
      counter: 'fvcore',
      title: 'fvcore',
      measures: 'multAdds',
      oneImage: false,
      printed: '2.866G',
      difference: 31_385_088,
      brief: expect.any(String) as string,
      rule: expect.stringMatching(/^It .*\.$/) as string,
      source: expect.stringContaining('nn/flop_count.py') as string,
      warnsWith: null,
      total: 2_865_546_752,
      items: [
        {
          times: 1,
          per: 'multiply-add',
          nodes: 121,
          elements: 2_834_161_664,
          operations: 2_834_161_664,
          difference: 0,
        },
        {
          ...{ times: 2, per: 'batch-norm element', nodes: 121, elements: 15_667_456 },
          ...{ operations: 31_334_912, difference: 31_334_912 },
        },
        { times: 1, per: 'adaptive-pool input', nodes: 1, elements: 50_176, operations: 50_176, difference: 50_176 },
      ],
      leftOut: expect.any(Array) as unknown[],
      hidden: [],
    });
  });

  it('says in the table what is added, as whom the network is implemented, and who warns', async () => {
    const { out } = await capture(['reconcile', 'ese_vovnet39b']);
    expect(out).toMatch(/^fvcore +7,087,709,568 {2}7\.088G/m);
    expect(out).toMatch(/^ +\+ 13,465,984 +2 per batch-norm element$/m);
    expect(out).toContain("Implemented as timm's: batch norms are BatchNormAct2d");
    expect(out).toMatch(/BatchNormAct2d in place of nn\.BatchNorm2d \(39 nodes\) changes .*thop by - 26,931,968/);
    expect(out).toMatch(/fvcore, timm gmacs and mmengine warn and leave out: .*aten::mul \(4\)/);
  });

  it('--counter itemises one, with what it leaves out and what it says of that', async () => {
    const { out } = await capture(['reconcile', 'seresnet50', '--counter', 'ptflops']);
    expect(out).toMatch(/^counted$[^]*^left out$[^]*^total/m);
    expect(out).toContain('Warning: module Sigmoid is treated as a zero-op.');
    expect(out).toContain('only with verbose=True');
    const { counters } = await json<Reconciliation>('seresnet50', '--counter', 'ptflops');
    expect(counters.map(({ counter }) => counter)).toEqual(['ptflops']);
  });

  it('csv has a row for each total and item, whose items add up', async () => {
    const { out } = await capture(['reconcile', 'resnet18', '--format', 'csv']);
    const rows = out.trim().split('\n');
    expect(rows[0]).toBe('counter,row,operations,difference,printed,what,rule,source');
    const thop = rows.filter((row) => row.startsWith('thop,')).map((row) => row.split(','));
    const [total, ...items] = thop.map((cells) => Number(cells[3]));
    expect(thop.map((cells) => cells[1])).toEqual(['total', 'item', 'item']);
    expect(items.reduce((sum, value) => sum + value, 0)).toBe(total);
  });

  it('--batch scales counters that see the input and says which ones make their own', async () => {
    const [one, eight] = [
      await json<Reconciliation>('resnet18'),
      await json<Reconciliation>('resnet18', '--batch', '8'),
    ];
    for (const [i, { total, oneImage }] of eight.counters.entries())
      expect(total).toBe(one.counters[i]!.total * (oneImage ? 1 : 8));
    const { out } = await capture(['reconcile', 'resnet18', '--batch', '8']);
    expect(out).toMatch(/Counts of one image whatever the batch: .*ptflops pytorch.*; all others are of 8 images\./);
  });

  it('takes a config file, as plain modules', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'flopscope-')), 'own.yaml');
    writeFileSync(path, 'input: 3x32x32\nlayers:\n  - convNorm: { channels: 8 }\n  - globalAvgPool\n');
    const { implementation, counters } = await json<Reconciliation>(path);
    expect(implementation.name).toBe('plain modules');
    const elements = 8 * 32 * 32;
    const thop = counters.find(({ counter }) => counter === 'thop')!;
    expect(thop.difference).toBe(4 * elements + (32 * 32 + 1) * 8);
    expect((await capture(['reconcile', path])).out).toContain('taken to be written with plain modules');
  });

  it.each(builtInNames())('%s is reconciled', async (name) => {
    const { out, err, code } = await capture(['reconcile', name]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('flopscope reconcile --given', () => {
  it('names the likeliest counter in a sentence', async () => {
    const { out, code } = await capture(['reconcile', 'densenet121', '--given', '2.87G']);
    expect(code).toBe(0);
    expect(out).toContain(
      '1  2,865,546,752  fvcore, timm gmacs and mmengine, printed by timm gmacs as "2.87", at 3x224x224',
    );
  });

  it('says ties, and what fits nothing, with the nearest', async () => {
    expect((await capture(['reconcile', 'resnet50', '--given', '4.1 GFLOPs'])).out).toMatch(
      /The first 5 fit equally well: 4\.1 GFLOPs has too few digits to tell them apart\.\n\d+ more fit/,
    );
    expect((await capture(['reconcile', 'resnet50', '--given', '3.7G'])).out).toContain(
      'The nearest is paper, 4,089,184,256 at 3x224x224: 10.5 % more.',
    );
  });

  it('has no table where nothing fits', async () => {
    const { out } = await capture(['reconcile', 'resnet50', '--given', '3.7G']);
    expect(out).toMatch(/^3\.7G for resnet50 at [^\n]*\n\nNo counter comes to 3\.7G/);
    const { out: text } = await capture(['reconcile', 'resnet50', '--given', '3.7G', '--format', 'markdown']);
    expect(text).not.toContain('|');
  });

  it('is part of the JSON', async () => {
    const { given } = await json<{ given: FigureOrigin }>('resnet50', '--given', '25.6M');
    // Keras's total has the running statistics, too: 25.6M has too few digits to tell the two apart.
    expect(given.candidates).toHaveLength(2);
    expect(given.candidates).toContainEqual(
      expect.objectContaining({ who: ['params'], count: 25_557_032, tied: true }),
    );
  });
});

describe('flopscope reconcile refuses', () => {
  it.each([
    [['resnet5'], /no built-in model "resnet5".*resnet5/],
    [['resnet50', '--counter', 'fv'], /no counter "fv"; the nearest name is fvcore/],
    [['resnet50', '--given', 'many'], /--given many is not a number: write it as in 2\.87G/],
    [['resnet50', '--given', '0G'], /is not positive/],
    [['resnet50', '--given', '4G', '--counter', 'thop'], /leave out --counter/],
    [['resnet50', '--given', '4G', '--given', '3G'], /There is one before it, 4G: ask about one figure at a time/],
    [['resnet50', '--given', '4G', '--batch', '2'], /leave out --batch/],
    [['resnet50', '--input', '3x224'], /is not CxHxW/],
    [['resnet50', '--batch', '0'], /must be a whole number/],
    [['resnet50', '--input', '3x9999999x9999999', '--batch', '99999'], /2\^53|too large|exceed|pass/],
  ])('%j', async (args, message) => {
    const { out, err, code } = await capture(['reconcile', ...args]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
