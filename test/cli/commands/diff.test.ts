// Does flopscope diff say what a change costs? Its formats, its views, and one sentence where nothing changed.

import { describe, expect, it } from 'vitest';
import type { Diff } from '../../../src/diff/diff.js';
import type { Run } from '../../../src/measure/run.js';
import { capture } from '../capture.js';

const BEFORE = 'fixtures/diff/before.yaml';
const AFTER = 'fixtures/diff/after.yaml';
const show = async (...flags: readonly string[]): Promise<string> =>
  (await capture(['diff', BEFORE, AFTER, ...flags])).out;

describe('flopscope diff', () => {
  it('of a network and itself is one sentence', async () => {
    expect(await capture(['diff', 'resnet50', 'resnet50'])).toEqual({
      out: 'resnet50 and resnet50 are the same network: all 175 layers agree.\n',
      err: '',
      code: 0,
    });
  });

  it('marks what is added, removed and changed, and leaves out what is the same', async () => {
    const text = await show();
    expect(text).toMatch(/^~ {2}module\.layer1\.conv +conv 3x3 +1x32x48x48 -> 1x40x48x48 /m);
    expect(text).toMatch(/^\+ {2}extra\.conv +conv 1x1 /m);
    expect(text).toMatch(/^- {2}thin\.conv +conv 3x3 /m);
    expect(text).not.toContain('stem.norm');
    expect(text).not.toContain('null');
    expect(text).toContain('is after minus before');
  });

  it('--by stage sums both networks by stage, and folds the stages that cost the same', async () => {
    const text = await show('--by', 'stage');
    expect(text).toMatch(/^body +\d+ -> \d+ /m);
    expect(text).toMatch(/^stage +layers +params +ratio +multiply-adds +ratio +unfused +ratio +fused +ratio$/m);
    expect(text).toMatch(/^total /m);
    expect(text).not.toMatch(/^stem /m);
    expect(text).toContain('1 more of 3 did not change.');
  });

  it('--top shows what moved most, and totals of all', async () => {
    const text = await show('--top', '1', '--sort', 'multAdds');
    expect(text).toMatch(/1 of \d+ rows shown; totals are of all\./);
    expect(text.match(/^[+~-] {2}/gm)?.length).toBe(1);
    expect(text).toContain('thin.conv');
  });

  it('says in its first line how both readings of memory access changed', async () => {
    expect((await show('--by', 'stage')).split('\n')[0]).toMatch(
      /, memory access \+46\.4 k elements unfused \(1\.01x\) and \+9\.22 k fused \(1\.01x\)$/,
    );
    // The gates of seresnet50 cost more where nothing is fused.
    const seresnet = (await capture(['diff', 'resnet50', 'seresnet50', '--by', 'stage'])).out;
    expect(seresnet.split('\n')[0]).toMatch(/ elements unfused \(1\.18x\) and \+[\d.]+ M fused \([\d.]+x\)$/);
  });

  it('--sort takes headings, says which, and names them in help', async () => {
    expect(await show('--sort', 'unfused')).toBe(await show('--sort', 'memoryAccessUnfused'));
    const { err } = await capture(['diff', BEFORE, AFTER, '--sort', 'memory']);
    expect(err).toMatch(/Allowed choices are params, multAdds \(multiply-adds\), .*memoryAccessFused \(fused\)/);
    expect(err).not.toContain('training');
    expect((await capture(['diff', '--help'])).out.replaceAll(/\s+/g, ' ')).toContain('multAdds (multiply-adds)');
  });

  it('json has every row that changed, whole layers on both sides', async () => {
    const result = JSON.parse(await show('--format', 'json')) as Diff;
    expect(result.schema).toBe('flopscope.diff/2');
    const { unchanged, ...others } = result.counts;
    expect(unchanged).toBeGreaterThan(0);
    expect(result.layers.length).toBe(Object.values(others).reduce((sum, n) => sum + n, 0));
    for (const { change, before, after } of result.layers) {
      expect(before === null).toBe(change === 'added');
      expect(after === null).toBe(change === 'removed');
    }
    const grouped = JSON.parse(await show('--format', 'json', '--by', 'op')) as { groups: readonly object[] };
    expect(grouped.groups.length).toBeGreaterThan(3);
  });

  it('csv has a row per layer that changed or was renamed, with counts on both sides', async () => {
    const lines = (await show('--format', 'csv')).trim().split('\n');
    const counts = ['params', 'multAdds', 'activations', 'cio', 'memoryAccessUnfused', 'memoryAccessFused'];
    const columns = lines[0]!.split(',');
    expect(columns.slice(0, 8).join()).toBe('change,nameBefore,nameAfter,stageBefore,stageAfter,layer,op,outShape');
    for (const count of counts)
      expect(columns).toEqual(expect.arrayContaining([`${count}Before`, `${count}After`, count]));
    expect(lines.find((line) => line.startsWith('added,,extra.conv,'))).toMatch(/,,4096,4096,/);
    // Nothing to see for a program either.
    const same = (await capture(['diff', 'resnet18', 'resnet18', '--format', 'csv'])).out;
    expect(same.trim().split('\n').length).toBe(1);
  });

  it('markdown is one table', async () => {
    const text = await show('--format', 'markdown');
    expect(text).toContain('| \\~ | module.layer1.conv | conv 3x3 | 1x32x48x48 -&gt; 1x40x48x48 |');
  });

  it('says that inputs differ where the cost moved with them', async () => {
    const { out } = await capture(['diff', 'resnet20', BEFORE, '--by', 'stage']);
    expect(out).toContain('the inputs differ, and costs moved with them: --input gives both the same.');
    expect(await show('--input', '3x64x64')).not.toContain('inputs differ');
  });

  it.each([
    [['resnet50'], 'flopscope diff takes two versions of a network: name both'],
    [['resnet50', 'resnet5'], 'there is no built-in model "resnet5"'],
    [['resnet50', 'none.yaml'], 'none.yaml: cannot be read'],
    [['resnet50', 'resnet18', '--sort', 'ms'], 'Allowed choices'],
  ])('%j ends with 2 and one sentence', async (args, expected) => {
    const { out, err, code } = await capture(['diff', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(expected);
  });

  it('--measure times both versions in the same sessions, and says whether they differ', async () => {
    const flags = ['--measure', '--engine', 'wasm', '--no-ceilings', '--windows', '2', '--min-window', '0.02'];
    const { out, code } = await capture(['diff', BEFORE, AFTER, ...flags, '--sessions', '2', '--format', 'json']);
    expect(code).toBe(0);
    const { runs } = JSON.parse(out) as { readonly runs: readonly [Run, Run] };
    expect(runs.map(({ model }) => model)).toEqual(['before', 'after']);
    const [first, second] = runs.map(({ sessions }) => sessions.map(({ id }) => id));
    expect(first).toHaveLength(2);
    expect(second).toEqual(first);
  });

  it('--measure ends with one sentence about the two times', async () => {
    const flags = ['--measure', '--engine', 'wasm', '--no-ceilings', '--windows', '2', '--min-window', '0.02'];
    const { out, code } = await capture(['diff', BEFORE, AFTER, ...flags, '--sessions', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^after at batch 1: [\d.]+x \([\d.]+ to [\d.]+\)(: no significant difference| slower| faster|: cannot tell, more sessions are needed)\.$/m,
    );
  });
});
