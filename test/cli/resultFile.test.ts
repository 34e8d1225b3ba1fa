// Does -o write what would be printed, as its ending says, whole, and never over what is read?

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capture } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-result-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);

describe('-o', () => {
  it.each([
    ['a.txt', 'table'],
    ['a.json', 'json'],
    ['a.csv', 'csv'],
    ['a.md', 'markdown'],
    ['a.TEX', 'latex'],
  ])('%s holds what --format %s prints, at full width', async (name, format) => {
    const printed = await capture(['profile', 'resnet18', '--by', 'stage', '--format', format]);
    const { out, err, code } = await capture(['profile', 'resnet18', '--by', 'stage', '-o', at(name)], 60);
    expect([out, err, code]).toEqual(['', `wrote ${at(name)}\n`, 0]);
    expect(readFileSync(at(name), 'utf8')).toBe(printed.out);
  });

  it('a .txt file takes any format, and --json is a format', async () => {
    await capture(['list', 'vgg', '--format', 'csv', '-o', at('b.txt')]);
    expect(readFileSync(at('b.txt'), 'utf8')).toMatch(/^model,/);
    await capture(['list', 'vgg', '--json', '-o', at('b')]);
    expect(JSON.parse(readFileSync(at('b'), 'utf8'))).toHaveProperty('models');
  });

  it('holds the result of a check that fails, as JUnit too', async () => {
    const budgets = at('b.yaml');
    writeFileSync(budgets, 'budgets:\n  - { model: resnet18, limits: { params: 1M } }\n');
    const { out, err, code } = await capture(['check', budgets, '-o', at('check.xml')]);
    expect([out, code]).toEqual(['', 1]);
    expect(err).toContain(`wrote ${at('check.xml')}`);
    expect(readFileSync(at('check.xml'), 'utf8')).toContain('<testsuite');
  });

  it.each<readonly [readonly string[], string]>([
    [['-o', at('x.pdf')], 'x.pdf: the ending says no format: use one of .txt, .json, .csv, .md, .tex, or add --format'],
    [['-o', at('x.csv'), '--json'], 'x.csv: the ending says csv, and --format says json: leave one out'],
    [['--json', '--format', 'csv'], '--json and --format csv differ: leave one out'],
    [['-o', at('none/x.json')], 'cannot be written'],
    [['-o', '-', '--json'], '-o -: a result is printed without -o'],
    [['-o', folder, '--json'], 'is a directory; name a file'],
  ])('%j is refused before anything is counted', async (flags, message) => {
    const { out, err, code } = await capture(['profile', 'resnet18', ...flags]);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain(message);
  });

  it('is never the file that is read', async () => {
    const text = '{ "family": "vgg", "stages": [1] }';
    writeFileSync(at('net.json'), text);
    const { err, code } = await capture([
      'profile',
      at('net.json'),
      '-o',
      `${folder}/../${folder.split('/').at(-1)!}/net.json`,
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining('the command reads this file: choose another path')]);
    expect((await capture(['profile', at('net.json'), '-o', at('net.json')])).code).toBe(2);
    expect(readFileSync(at('net.json'), 'utf8')).toBe(text);
  });
});
