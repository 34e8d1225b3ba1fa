// Can a reviewer of a pull request read the summary? One table per measurement, ratios beside amounts, and no name as markup.

import { describe, expect, it } from 'vitest';
import { escapeMarkdown } from '../../../reports/text/markdown.js';
import { reportData } from '../../../reports/report/reportData.js';
import { summary } from '../../../reports/report/summary.js';
import type { Run } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
import { HOSTILE, hostileProfile } from '../hostile.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const profiles = ['resnet50', 'densenet121'].map((name) => profileOf(name));
const dataOf = (counted: readonly Profile[], runs: readonly Run[], more = {}) =>
  reportData({ madeAt: '2001-01-01', version: '0', profiles: counted, runs, ...more });
const rowsOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('| '));

describe('a summary', () => {
  it('of counts has one table, with ratios beside the amounts, and no word of time', () => {
    const text = summary(dataOf(profiles, []), []);
    expect(rowsOf(text)).toEqual([
      '| network | multiply-adds | memory access | memory access, fused | ops | params |',
      '| :--- | ---: | ---: | ---: | ---: | ---: |',
      '| resnet50 (baseline) | 4.09 G | 106 M | 53.9 M | 174 | 25.6 M |',
      '| densenet121 | 2.83 G (0.69x) | 116 M (1.09x) | 31.7 M (0.59x) | 430 (2.47x) | 7.98 M (0.31x) |',
    ]);
    expect(text).not.toMatch(/\d ms/);
  });

  it('puts the baseline first', () => {
    const [, , first] = rowsOf(summary(dataOf(profiles, [], { baseline: 'densenet121' }), []));
    expect(first).toMatch(/^\| densenet121 \(baseline\) \|/);
  });

  it('says where a network was not measured', () => {
    const text = summary(dataOf(profiles, [syntheticRun(profiles[0]!)]), []);
    expect(rowsOf(text)[3]).toContain('| not measured |');
  });

  it('of two devices has a part for each, with its own pictures', () => {
    const runs = ['one', 'other'].flatMap((name) =>
      profiles.map((profile) => syntheticRun(profile, { device: { ...syntheticRun(profile).device, name } })),
    );
    const text = summary(dataOf(profiles, runs), [
      { view: 0, title: 'Cost', path: 'cost.png' },
      { view: 0, title: 'Roofline', path: 'roofline.png' },
      { view: 1, title: 'Cost', path: 'cost-2.png' },
    ]);
    const [, one, other] = text.split('\n### ');
    expect(one).toContain('one (synthetic), batch 1');
    expect(one).toContain('![Cost](cost.png)');
    expect(one).toContain('<details><summary>1 more chart</summary>\n\n![Roofline](roofline.png)');
    expect(other).toContain('other (synthetic), batch 1');
    expect(other).toContain('![Cost](cost-2.png)');
    expect(other).not.toContain('cost.png');
  });

  it('of many networks folds its sentences', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ ...profiles[0]!, model: `network${i}` }));
    const text = summary(dataOf(many, []), []);
    expect(text).toContain('<details><summary>A sentence for each of the other 8 networks</summary>');
  });

  it('keeps hostile names in their line and out of markup', () => {
    const counted = HOSTILE.map(hostileProfile);
    const text = summary(dataOf(counted, [], { title: HOSTILE[0] }), []);
    expect(text).not.toMatch(/<(img|script)/i);
    expect(text.split('\n')[0]).toMatch(/^## /);
    expect(rowsOf(text)).toHaveLength(2 + HOSTILE.length);
    for (const row of rowsOf(text)) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  });
});

it.each([
  ['[a](http://b)', '\\[a\\](http://b)'],
  ['*bold* ~~gone~~', '\\*bold\\* \\~\\~gone\\~\\~'],
  ['__proto__', '\\_\\_proto\\_\\_'],
  ['resnext50_32x4d', 'resnext50_32x4d'],
  ['a | b `c` \\', 'a \\| b \\`c\\` \\\\'],
  ['<b>&lt;', '&lt;b&gt;&amp;lt;'],
])('%s becomes %s', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});
