// Does flopscope redesign search, write what it found, and refuse what it cannot?

import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../../src/redesign/level.js';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-redesign-'));
const QUICK = ['--candidates', '3000', '--slack', '8'];

interface Answer {
  readonly schema: string;
  readonly priced: number;
  readonly original: { readonly multAdds: number };
  readonly originalMilliseconds: number | null;
  readonly front: readonly {
    readonly name: string;
    readonly price: { readonly multAdds: number };
    readonly milliseconds: number | null;
  }[];
  readonly advice: readonly object[];
  readonly refused: string | null;
}

const redesigned = async (...args: readonly string[]): Promise<Answer> => {
  const { out, code, err } = await capture(['redesign', ...args, '--format', 'json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Answer;
};

describe('flopscope redesign', () => {
  it('finds the same designs on one thread and on two', async () => {
    const [one, two] = [
      await redesigned('densenet40_k12', ...QUICK, '--threads', '1'),
      await redesigned('densenet40_k12', ...QUICK, '--threads', '2'),
    ];
    expect(one.schema).toBe('flopscope.redesign/1');
    expect(one.front.length).toBeGreaterThan(0);
    expect(two).toEqual(one);
  });

  it('prices as many designs as were asked for, but for the last ones that are fitted', async () => {
    const { priced } = await redesigned('densenet40_k12', '--candidates', '11000');
    expect(priced).toBeGreaterThanOrEqual(11_000);
    expect(priced).toBeLessThan(11_030);
  });

  it('says what kept every design out, and what would help', async () => {
    const { out } = await capture(['redesign', 'resnet18', '--candidates', '5000']);
    expect(out).toMatch(
      /no design moves less data than resnet18: of .* were fitted .* the .* others move more in this reading, so try --reading fused\./,
    );
    expect((await redesigned('resnet18', '--candidates', '5000', '--reading', 'fused')).front.length).toBeGreaterThan(
      0,
    );
  });

  it('writes designs that profile counts as it said', async () => {
    const target = join(folder, 'designs');
    const { front } = await redesigned('densenet40_k12', ...QUICK, '-o', target);
    expect(readdirSync(target)).toContain('design-1.yaml');
    const { out } = await capture(['profile', join(target, 'design-1.yaml'), '--format', 'json']);
    expect((JSON.parse(out) as { totals: { multAdds: number } }).totals.multAdds).toBe(front[0]!.price.multAdds);
  });

  it('keeps within the time of a device that was explained', async () => {
    const explained = await capture([
      'explain',
      '--times',
      'fixtures/times/timm-rtx3090-amp.csv',
      '--bytes-per-element',
      '2',
      '--format',
      'json',
    ]);
    const file = join(folder, 'explain.json');
    writeFileSync(file, explained.out);
    const { front, originalMilliseconds } = await redesigned(
      'densenet121',
      '--budget',
      'time',
      '--explained',
      file,
      ...QUICK,
    );
    expect(front.length).toBeGreaterThan(0);
    for (const { milliseconds } of front) expect(milliseconds).toBeLessThanOrEqual(originalMilliseconds!);
  });

  it('gives only advice for a network that it cannot rebuild', async () => {
    const odd = join(folder, 'odd.yaml');
    const layers = ['{ channels: 8, stride: 4 }', '{ channels: 64, stride: 3 }', '{ channels: 8 }'];
    writeFileSync(odd, ['input: 3x64x64', 'layers:', ...layers.map((fields) => `  - convNorm: ${fields}`)].join('\n'));
    const { refused, front, advice } = await redesigned(odd);
    expect(refused).toMatch(/^odd cannot be redesigned: its trunk goes from 16x16 to 6x6/);
    expect(front).toEqual([]);
    expect(advice.length).toBeGreaterThan(0);
  });

  it.each([
    [['resnet5O'], 'there is no built-in model'],
    [['resnet50', '--budget', 'time'], '--budget time and --explained belong together'],
    [['resnet50', '--explained', 'x.json'], '--budget time and --explained belong together'],
    [['resnet50', '--budget', 'time', '--explained', 'package.json'], 'is not an explanation'],
    [['resnet50', '--slack', '0'], 'must be a percentage'],
    [['resnet50', '--candidates', '0'], 'whole number of at least 1'],
    [['resnet50', '-o', 'package.json/x'], 'cannot be made'],
  ])('%j ends with exit code 2: %s', async (args, message) => {
    const { out, err, code } = await capture(['redesign', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('what a design may be', () => {
  it('is said by flags, and held by every design', async () => {
    const flags = ['--aggregation', 'osa', '--no-bottleneck', '--groups', '1', '--keep-channels', '--depths', '3,4,5'];
    const { front } = (await redesigned('densenet121', ...QUICK, ...flags)) as unknown as {
      front: readonly { readonly levels: readonly Level[] }[];
    };
    expect(front.length).toBeGreaterThan(0);
    for (const { levels } of front)
      for (const level of levels) {
        expect(level).toMatchObject({ aggregation: 'osa', partial: false, bottleneck: false, groups: 1 });
        expect([3, 4, 5]).toContain(level.layers);
      }
  });

  it.each([
    [['--aggregation', 'partial'], 'It must hold dense or osa'],
    [['--aggregation', 'resnet'], 'Each must be one of dense, osa, partial'],
    [['--groups', '3'], 'Each must be one of 1, 2, 4, 8'],
    [['--depths', '0'], 'whole number of at least 1'],
    [['--depths', '65'], 'at most 64'],
  ])('%j ends with exit code 2: %s', async (flags, message) => {
    const { out, err, code } = await capture(['redesign', 'densenet121', ...flags]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
