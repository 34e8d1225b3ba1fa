// How does a check look to programs and in pull requests? What fails first, and nothing that a stranger named is markup.

import { describe, expect, it } from 'vitest';
import { checkMarkdown } from '../../../reports/sheets/checkMarkdown.js';
import { checkSheet, failureSheet } from '../../../reports/sheets/checkSheet.js';
import { csv } from '../../../reports/text/csv.js';
import { junit } from '../../../reports/sheets/junit.js';
import { terminal } from '../../../reports/text/terminal.js';
import { plainLook } from '../../../cli/screen.js';
import { baselineOf } from '../../../src/budgets/baseline.js';
import { checkBudgets, type PlacedLimit } from '../../../src/budgets/check.js';
import type { MetricName } from '../../../src/metrics/table.js';
import { profileOf } from '../synthetic.js';

const limit = (metric: MetricName, value: number): PlacedLimit => ({
  metric,
  limit: { kind: 'absolute', text: String(value), value },
  place: 'b.yaml:1:1',
});
const HOSTILE = ']]><script>alert(1)</script>|`[x](javascript:1)@all\u0000\u001b[31m\u202e"\'&<\n\ud800\ufffe';
const profile = profileOf('resnet18');
const hostile = { ...profile, layers: profile.layers.map((layer, i) => ({ ...layer, name: `${HOSTILE}${i}` })) };

const network = (name: string, counted = profile) => ({
  ...{ name, profile: counted, run: null, baseline: undefined },
  limits: [limit('params', 12_000_000), limit('multAdds', 1000), limit('balance', 9)],
});
const result = checkBudgets('b.yaml', [network('one'), network('two')]);
const odd = checkBudgets(HOSTILE, [network(HOSTILE, hostile)]);
const grown = checkBudgets('b.yaml', [
  {
    ...network('one'),
    baseline: baselineOf({ profile: { ...profile, layers: profile.layers.slice(5) }, run: null }),
  },
]);

describe('markdown', () => {
  it('is the verdict, then the failed rows, then those that hold inside <details>', () => {
    const text = checkMarkdown(result);
    const order = [
      '**flopscope: failed**',
      '| `one, 1x3x224x224` | multiply-adds |',
      '<details>',
      '| parameters |',
      '</details>',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]!))).toBe(true);
    expect(text.split('\n').filter((line) => line.startsWith('|')).length).toBe(2 + 2 + 2 + 4);
  });

  it('has a blank line around each table inside <details>, without which GitHub does not render it', () => {
    expect(checkMarkdown(result)).toMatch(/<\/summary>\n\n\|[^]*\|\n\n<\/details>/);
  });

  it('says in one line what grew', () => {
    expect(checkMarkdown(grown)).toContain(
      '- `one`, multiply-adds: what grew most since the baseline: `conv1` +118,013,952 (new)',
    );
  });

  it('keeps a hostile name inside code, in one cell of one line', () => {
    for (const line of checkMarkdown(odd).split('\n')) {
      const outside = line.replaceAll(/`[^`]*`/g, '');
      expect(outside).not.toMatch(/script|javascript|@all/);
      if (line.startsWith('| `')) expect(line.replaceAll('\\|', '').match(/\|/g)?.length).toBe(7);
    }
  });
});

describe('junit', () => {
  it('has a suite per network and a test case per limit, of which the exceeded ones fail', () => {
    const text = junit(result);
    expect(text).toContain('<testsuites name="flopscope check" tests="6" failures="2" errors="0" skipped="0">');
    expect(text.match(/<testsuite /g)?.length).toBe(2);
    expect(text.match(/<testcase /g)?.length).toBe(6);
    expect(text.match(/<failure message="1,814,073,344 where at most 1,000 is allowed/g)?.length).toBe(2);
    expect(junit(result)).toBe(text);
  });

  it('is XML whatever the names are', () => {
    const text = junit(odd);
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/);
    // Without its CDATA sections, comments and tags nothing is left that could be one.
    const bare = text.replaceAll(/<!\[CDATA\[[^]*?\]\]>/g, '');
    const inside = bare.replaceAll(/<[?/]?[a-z-]+(?: [a-z]+="[^"<]*")*[?/]?>/g, '');
    expect(inside).not.toMatch(/[<>"]/);
  });
});

describe('csv and table', () => {
  it('csv has one row per limit, unrounded', () => {
    const lines = csv(checkSheet(result)).trim().split('\n');
    expect(lines[0]).toBe(
      'network,input,metric,value,limit,budget,baseline,ofLimit,excess,low,high,result,passed,place,contributors',
    );
    expect(lines.length).toBe(7);
    expect(lines[2]).toMatch(
      /^one,1x3x224x224,multAdds,1814073344,1000,1000,,1814073\.344,1814072344,,,exceeded,false,b\.yaml:1:1,/,
    );
  });

  it('the table marks what fails, and says what to do', () => {
    const text = terminal(checkSheet(result), plainLook);
    expect(text.match(/<- over the limit/g)?.length).toBe(2);
    expect(text).toContain('Make the network cheaper, or raise the limit.');
    expect(text).not.toContain('if the growth from the baseline is meant');
    expect(text).toContain('No baseline is committed, so the largest layers are named.');
    const blamed = failureSheet(grown.limits[1]!);
    expect(terminal(blamed!, plainLook)).toMatch(/conv1 +conv +118,013,952 +new +\+118,013,952/);
  });
});
