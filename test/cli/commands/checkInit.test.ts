// Does flopscope check --init write limits that hold today, of every network that it finds, and overwrite nothing?

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/metrics/table.js';
import { readBudgets } from '../../../src/records/budgets/readBudgets.js';
import { profileOf } from '../../reports/synthetic.js';
import { capture, type Captured } from '../capture.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopscope-init-'));
  mkdirSync(join(folder, 'nets'));
  copyFileSync('fixtures/budgets/nets/slim.yaml', join(folder, 'nets/slim.yaml'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (path: string): string => join(folder, path);
const init = (...flags: readonly string[]): Promise<Captured> => capture(['check', at('b.yaml'), '--init', ...flags]);
const written = (): string => readFileSync(at('b.yaml'), 'utf8');

describe('check --init', () => {
  it('finds networks below the folder, and the limits hold to the last element', async () => {
    copyFileSync('fixtures/files/tiny.cfg', at('nets/tiny.cfg'));
    for (const skipped of ['node_modules', '.cache', 'dist']) {
      mkdirSync(at(skipped));
      copyFileSync('fixtures/budgets/nets/slim.yaml', at(`${skipped}/slim.yaml`));
    }
    writeFileSync(at('package.json'), '{ "name": "mine" }');
    writeFileSync(at('workflow.yml'), 'on: push\n');
    expect(await init()).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('limits are what the 2 networks cost today; commit it') as string,
    });
    const { entries } = readBudgets(written(), 'b.yaml');
    expect(entries.map(({ file }) => file)).toEqual(['nets/slim.yaml', 'nets/tiny.cfg']);
    expect((await capture(['check', at('b.yaml')])).code).toBe(0);
    const slim = readFileSync(at('nets/slim.yaml'), 'utf8');
    writeFileSync(at('nets/slim.yaml'), slim.replace('growth: 32', 'growth: 33'));
    const { code, out } = await capture(['check', at('b.yaml'), '--format', 'github']);
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=.*b\.yaml,line=\d+,col=\d+,title=/m);
    expect((await capture(['check', at('b.yaml')])).out).toContain('No baseline is committed');
    writeFileSync(at('nets/slim.yaml'), slim);
    expect((await capture(['check', at('b.yaml'), '--update-baseline'])).code).toBe(0);
    writeFileSync(at('nets/slim.yaml'), slim.replace('growth: 32', 'growth: 33'));
    const compared = await capture(['check', at('b.yaml')]);
    expect(compared.code).toBe(1);
    expect(compared.out).toContain('what grew most since the baseline');
    expect(compared.out).not.toContain('No baseline is committed');
  });

  it('writes the counts of named models, and says in comments what each limit is', async () => {
    expect((await init('--model', 'resnet50', '--model', 'dsod300@vovnet39')).code).toBe(0);
    const text = written();
    for (const metric of ['params', 'multAdds', 'memoryAccess.unfused', 'memoryAccess.fused'] as const) {
      const comments = text.replaceAll(/\n# */g, ' ');
      expect(comments).toContain(`${metric}: ${METRICS[metric].about}`);
    }
    const [first, second] = readBudgets(text, 'b.yaml').entries;
    const { totals } = profileOf('resnet50');
    expect(first!.limits.map(({ limit }) => limit.kind === 'absolute' && limit.value)).toEqual([
      ...[totals.params, totals.multAdds, totals.memoryAccess.unfused, totals.memoryAccess.fused],
    ]);
    expect([first!.model, second!.model]).toEqual(['resnet50', 'dsod300@vovnet39']);
    expect(text).toContain('params: 25_557_032\n');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it('names a file from the folder of the budgets file', async () => {
    const { code } = await capture(['check', at('nets/own.yaml'), '--init', '--model', at('nets/slim.yaml')]);
    expect(code).toBe(0);
    expect(readFileSync(at('nets/own.yaml'), 'utf8')).toContain('- file: ');
    expect((await capture(['check', at('nets/own.yaml')])).code).toBe(0);
  });

  it('says which networks it leaves out, and why', async () => {
    writeFileSync(at('nets/broken.onnx'), 'no network');
    const { code, err } = await init();
    expect(code).toBe(0);
    expect(err).toContain('broken.onnx');
    expect(written()).toMatch(/^# Left out: .*broken\.onnx/m);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a folder without networks', [], /no network is in this folder: name networks with --model/],
    ['flags of a check', ['--strict'], /--init writes a file and checks nothing: leave out --strict/],
    ['a model that is nothing', ['--model', 'resnet5'], /resnet5/],
  ])('%s is refused with 2, and nothing is written', async (_, flags, message) => {
    rmSync(at('nets'), { recursive: true });
    const { code, err } = await init(...flags);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(existsSync(at('b.yaml'))).toBe(false);
  });

  it('names every model that is none at once', async () => {
    const { code, err } = await init('--model', 'resnet5', '--model', 'resnet50', '--model', 'none.onnx');
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining('resnet5') as string,
      expect.stringContaining('none.onnx') as string,
    ]);
    expect(existsSync(at('b.yaml'))).toBe(false);
  });

  it('never overwrites, and writes YAML alone', async () => {
    writeFileSync(at('b.yaml'), 'mine');
    expect(await init()).toMatchObject({ code: 2, err: expect.stringContaining('is there already') as string });
    expect(written()).toBe('mine');
    expect((await capture(['check', at('b.json'), '--init'])).err).toContain('--init writes YAML');
  });

  it('--model alone has no effect, and is refused', async () => {
    expect((await capture(['check', '--model', 'resnet50'])).err).toContain('--model has no effect without --init');
  });
});
