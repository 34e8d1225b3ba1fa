// Does flopscope check hold networks to their budgets? Exit codes, baselines that are kept, and every bad input.

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/budgets/check.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun } from '../../reports/synthetic.js';
import { archiveOf, programOf, type Network } from '../../importers/pt2/programOf.js';
import { capture, type Captured } from '../capture.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopscope-check-'));
  mkdirSync(join(folder, 'nets'));
  copyFileSync('fixtures/budgets/nets/slim.yaml', join(folder, 'nets/slim.yaml'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (file: string): string => join(folder, file);
const write = (file: string, text: string): void => {
  writeFileSync(at(file), text);
};
const budgets = (entry: string): void => {
  write('flopscope.budgets.yaml', `budgets:\n  - ${entry}\n`);
};
const check = (...flags: readonly string[]): Promise<Captured> =>
  capture(['check', at('flopscope.budgets.yaml'), ...flags]);
const json = async (): Promise<CheckResult> => JSON.parse((await check('--format', 'json')).out) as CheckResult;
const wider = (): void => {
  write('nets/slim.yaml', readFileSync(at('nets/slim.yaml'), 'utf8').replace('growth: 32', 'growth: 40'));
};

const SLIM = (limits: string): string => `{ file: nets/slim.yaml, limits: { ${limits} } }`;

describe('limits of training', () => {
  it('say where bytes kept are a lower bound: recurrent layers under --amp', async () => {
    const lstm: Network = {
      inputs: { i: [2, 10, 6], h: [1, 2, 5], c: [1, 2, 5] },
      parameters: { a: [20, 6], b: [20, 5] },
      calls: [
        {
          op: 'aten.lstm.input',
          given: {
            ...{ input: { tensor: 'i' }, hx: { tensors: ['h', 'c'] }, params: { tensors: ['p_a', 'p_b'] } },
            ...{ has_biases: false, num_layers: 1, dropout: 0, train: true, bidirectional: false, batch_first: true },
          },
          makes: { out: [2, 10, 5] },
        },
      ],
      outputs: ['out'],
    };
    writeFileSync(at('nets/text.pt2'), archiveOf(programOf(lstm)));
    budgets('{ file: nets/text.pt2, limits: { training: { keptBytes: 1MB, multAdds: 1G } } }');
    const { out, code } = await check('--training', '--amp');
    expect(code).toBe(0);
    expect(out).toContain('cuDNN keeps a reserve');
    expect(out).toMatch(/bytes kept for backward .*<- lower bound/);
    expect(out).not.toMatch(/multiply-adds of a training step .*<- lower bound/);
    expect((await check('--training')).out).not.toContain('lower bound');
  });
});

describe('absolute limits', () => {
  it('that hold end with 0', async () => {
    budgets(
      '{ model: resnet50, limits: { params: 25_557_032, multAdds: 4_089_184_256, memoryAccess: { fused: 54M } } }',
    );
    const { out, err, code } = await check();
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('all 3 limits hold');
    expect(readdirSync(folder)).toEqual(['flopscope.budgets.yaml', 'nets']);
  });

  it('that one element passes end with 1, the excess and the largest layers', async () => {
    budgets('{ model: resnet50, limits: { params: 25_557_031 } }');
    const { out, err, code } = await check();
    expect(code).toBe(1);
    // The table says it, and nothing is said twice.
    expect(err).toBe('');
    expect(out.match(/1 of 1 limit is exceeded/g)).toHaveLength(1);
    expect((await check('--format', 'markdown')).err).toBe('');
    for (const flags of [['--json'], ['--format', 'junit'], ['--format', 'csv'], ['-o', join(folder, 'check.txt')]])
      expect((await check(...flags)).err).toContain('1 of 1 limit is exceeded');
    expect(out).toMatch(/parameters +25,557,032 +25,557,031 +25_557_031 +100\.0 % +1 +<- over the limit/);
    const [verdict] = (await json()).limits;
    expect(verdict?.contributors?.why).toBe('largest');
    expect(verdict?.contributors?.parts.map(({ name }) => name)[0]).toBe('layer4.0.conv2');
    expect(verdict?.contributors?.parts.every(({ value }, i, all) => i === 0 || value <= all[i - 1]!.value)).toBe(true);
  });

  it('know every metric, each equal to what profile says', async () => {
    const { totals, layers } = profileOf('densenet121', 2, [3, 64, 96]);
    const { conv, linear, unfused, fused } = totals.memoryAccess;
    budgets(
      `{ model: densenet121, batch: 2, input: 3x64x96, limits: { params: 0, multAdds: 0, flops: 0, activations: 0, ops: 0, balance: 1, memoryAccess: { conv: 0, linear: 0, unfused: 0, fused: 0 } } }`,
    );
    const { limits, failed } = await json();
    expect(failed).toBe(10);
    expect(Object.fromEntries(limits.map(({ metric, value }) => [metric, value]))).toEqual({
      ...{ params: totals.params, multAdds: totals.multAdds, flops: totals.flops, activations: totals.activations },
      ...{ ops: totals.ops, balance: Math.max(...layers.map(({ balance }) => balance ?? 1)) },
      ...{ 'memoryAccess.conv': conv, 'memoryAccess.linear': linear },
      ...{ 'memoryAccess.unfused': unfused, 'memoryAccess.fused': fused },
    });
    for (const { value, limit, excess } of limits) expect(excess).toBe(value - limit);
  });
});

describe('limits from a baseline', () => {
  it('need one: 2, and the sentence says how to make it', async () => {
    budgets(SLIM('params: +0%'));
    const { out, err, code } = await check();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('flopscope.budgets.yaml:2:47: the baseline does not have params of nets/slim.yaml');
    expect(err).toContain('run flopscope check --update-baseline');
  });

  it('hold until the network grows, and then name the layers that grew', async () => {
    budgets(SLIM('params: +0%, multAdds: +2%, ops: 100'));
    const first = await check('--update-baseline');
    expect(first.code).toBe(0);
    expect(first.err).toContain('flopscope.baseline.json: what 1 network costs now; commit it');
    const kept = readFileSync(at('flopscope.baseline.json'), 'utf8');
    expect((await check()).code).toBe(0);
    wider();
    const second = await check();
    expect(second.code).toBe(1);
    expect(second.out).toContain('parameters: what grew most since the baseline');
    expect(second.out).toMatch(/module\.layer2\.conv +conv +14,400 +9,216 +\+5,184/);
    expect(second.out).toContain('if the growth from the baseline is meant, flopscope check --update-baseline');
    // Only the flag writes.
    expect(readFileSync(at('flopscope.baseline.json'), 'utf8')).toBe(kept);
    expect((await check('--update-baseline')).code).toBe(0);
    expect((await check()).code).toBe(0);
    expect(readFileSync(at('flopscope.baseline.json'), 'utf8')).not.toBe(kept);
  });

  it('allow exactly the percentage, to the last element', async () => {
    budgets(SLIM('memoryAccess: { fused: +2% }'));
    await check('--update-baseline');
    const { value } = (await json()).limits[0]!;
    const most = Math.floor((value * 102) / 100);
    const moved = (by: number): void => {
      const kept = readFileSync(at('flopscope.baseline.json'), 'utf8');
      write('flopscope.baseline.json', kept.replace(/("memoryAccess.fused": )\d+/, `$1${by}`));
    };
    expect((await json()).limits[0]!.limit).toBe(most);
    // The least baseline that still allows the value, and one less.
    const least = Math.ceil((value * 100) / 102);
    moved(least);
    expect((await check()).code).toBe(0);
    moved(least - 1);
    expect((await check()).code).toBe(1);
  });

  it('write the same file again for the same networks', async () => {
    budgets(SLIM('params: +0%'));
    await check('--update-baseline');
    const kept = readFileSync(at('flopscope.baseline.json'), 'utf8');
    await check('--update-baseline');
    expect(readFileSync(at('flopscope.baseline.json'), 'utf8')).toBe(kept);
    expect(readdirSync(folder).sort()).toEqual(['flopscope.baseline.json', 'flopscope.budgets.yaml', 'nets']);
  });

  it('never write over a file that is no baseline', async () => {
    write('flopscope.budgets.yaml', `baseline: package.json\nbudgets:\n  - ${SLIM('params: +0%')}\n`);
    write('package.json', '{"name": "precious"}');
    const { err, out, code } = await check('--update-baseline');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('package.json: holds no baseline');
    expect(readFileSync(at('package.json'), 'utf8')).toBe('{"name": "precious"}');
  });

  it('do not write a baseline where another limit cannot be read', async () => {
    write('run.json', JSON.stringify(syntheticRun(profileOf('resnet18'), { energy: null, noEnergy: 'no meter' })));
    budgets('{ model: resnet18, run: run.json, limits: { params: +0%, joulesPerImage: 1 } }');
    const { err, code } = await check('--update-baseline');
    expect(code).toBe(2);
    expect(err).toContain('the run of resnet18 has no J/image (no meter)');
    expect(readdirSync(folder)).not.toContain('flopscope.baseline.json');
  });
});

describe('limits on a run', () => {
  const run = (changes: Partial<Run> = {}): Run => syntheticRun(profileOf('resnet18'), changes);
  const measured = (limits: string): void => {
    budgets(`{ model: resnet18, run: run.json, limits: { ${limits} } }`);
  };

  it('are upper for ms and J/image, lower for images/s and utilisation', async () => {
    const { windows } = run().times;
    const meanWatts = 0.5 / (windows.reduce((sum, ms) => sum + ms, 0) / windows.length / 1000);
    const one = run({
      energy: { joulesPerImage: 0.5, meanWatts, idleWatts: null, idleHow: null, samples: 9, meter: 'test' },
      noEnergy: null,
    });
    write('run.json', JSON.stringify(one));
    measured('ms: 1, imagesPerSecond: 1_000_000, utilisation: 99%, joulesPerImage: 400 mJ');
    const { limits, failed } = await json();
    expect(failed).toBe(4);
    expect(limits.map(({ allows }) => allows)).toEqual(['most', 'least', 'least', 'most']);
    expect(limits.map(({ value }) => value)).toEqual([
      ...[one.times.median, one.imagesPerSecond, one.utilisation!.compute, 0.5],
    ]);
    expect(limits[0]!.contributors?.parts[0]?.value).toBe(Math.max(...one.layers!.map((l) => l.milliseconds)));
    measured('ms: 1s, imagesPerSecond: 1, utilisation: 0.1%, joulesPerImage: 0.6 J');
    expect((await check()).code).toBe(0);
  });

  it('whose interval holds the time cannot be told, which fails with --strict alone', async () => {
    const one = run();
    write('run.json', JSON.stringify(one));
    measured(`ms: ${one.times.median}`);
    const { out, code } = await check();
    expect([code, out]).toEqual([0, expect.stringContaining('cannot tell')]);
    const [limit] = (await json()).limits;
    expect(limit).toMatchObject({ result: 'cannot tell', passed: true });
    const strict = await check('--strict');
    expect([strict.code, strict.out]).toEqual([1, expect.stringContaining('cannot tell')]);
    expect(strict.out).toMatch(/cannot be told/);
    // Beyond the whole interval there is no doubt, either way.
    measured(`ms: ${one.times.median * 1.1}`);
    expect((await check('--strict')).code).toBe(0);
    measured(`ms: ${one.times.median * 0.9}`);
    expect((await check()).code).toBe(1);
  });

  it('carry the doubts of the run', async () => {
    write(
      'run.json',
      JSON.stringify(run({ warnings: [{ kind: 'noisy', message: 'half of the windows lie 69 % apart', flag: null }] })),
    );
    measured('ms: 1s');
    expect((await check()).out).toContain('warning, the run of resnet18: half of the windows lie 69 % apart');
    // A run that no limit looks at says nothing.
    measured('params: 1G');
    expect((await check()).out).not.toContain('warning');
  });

  it.each([
    ['another model', { model: 'resnet34' }, 'holds no run of resnet18 1x3x224x224, but of resnet34 1x3x224x224'],
    [
      'another input',
      syntheticRun(profileOf('resnet18', 8)),
      'holds no run of resnet18 1x3x224x224, but of resnet18 8x',
    ],
    [
      'an older version',
      { totals: { ...profileOf('resnet18').totals, params: 5 } },
      'measured another version of resnet18',
    ],
    ['no ceilings', { utilisation: null, ceilings: null }, 'has no utilisation (it was measured without ceilings'],
  ])('refuse a run of %s', async (_, changes, expected) => {
    write('run.json', JSON.stringify(run(changes)));
    measured('ms: 1s, utilisation: 1%');
    const { err, out, code } = await check();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('flopscope.budgets.yaml:2:');
    expect(err).toContain(expected);
  });

  it('compare times only with a baseline of the same device', async () => {
    write('run.json', JSON.stringify(run()));
    measured('ms: +10%');
    expect((await check('--update-baseline')).code).toBe(0);
    write('run.json', JSON.stringify(run({ device: { ...run().device, name: 'another' } })));
    const { err, code } = await check();
    expect(code).toBe(2);
    expect(err).toContain('was measured on synthetic (synthetic, fused), its run on another (synthetic, fused)');
  });

  it('refuse a file with several runs of the network', async () => {
    write('run.json', JSON.stringify({ schema: 'flopscope.runs/1', runs: [run(), run()] }));
    measured('ms: 1s');
    expect((await check()).err).toContain('holds 2 runs of resnet18 1x3x224x224');
  });
});

describe('bad input ends with 2, one located sentence and nothing on stdout', () => {
  it.each([
    ['{ model: resnet5, limits: { params: 1 } }', ':2:5: there is no built-in model "resnet5"; the nearest names are'],
    ['{ file: nets/none.yaml, limits: { params: 1 } }', 'none.yaml: cannot be read (there is no such file)'],
    ['{ file: ../x.txt, limits: { params: 1 } }', 'there is no such file'],
    ['{ model: vgg11, input: 3x8x8, limits: { params: 1 } }', ':2:5: node "'],
    ['{ model: resnet50, input: 4x224x224, batch: 99999999999, limits: { params: 1 } }', ':2:5: '],
    [`${SLIM('params: 1')}\n  - ${SLIM('ops: 1')}`, ':3:5: nets/slim.yaml 1x3x96x96 stands here twice'],
    ['{ model: resnet50, run: none.json, limits: { ms: 1 } }', 'none.json: cannot be read'],
    ['{ model: vgg11, limits: { parms: 1 } }', 'has no field "parms"; the nearest is params'],
  ])('%s', async (entry, expected) => {
    budgets(entry);
    const { out, err, code } = await check();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(expected);
    expect(err.trim()).not.toContain('\n');
  });

  it('a budgets file that is not there', async () => {
    const { out, err, code } = await check();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('there is no such file; flopscope check --init writes one');
  });

  it('a metric that the network does not have', async () => {
    write('nets/slim.yaml', 'input: 3x8x8\nlayers:\n  - flatten\n  - { linear: { features: 4 } }\n');
    budgets(SLIM('balance: 2'));
    expect((await check()).err).toContain('nets/slim.yaml has no worst balance: remove this limit');
  });

  it('the same network under two names is two networks', async () => {
    budgets(`${SLIM('params: 1M')}\n  - { file: nets/slim.yaml, name: other, limits: { ops: 90 } }`);
    expect((await check()).code).toBe(0);
  });
});

describe('forbidden findings', () => {
  it('that are there end with 1, the evidence and what to change', async () => {
    budgets('{ model: densenet121, forbid: [dense-aggregation, dead-ends], limits: { params: 8M } }');
    const { out, code } = await check();
    expect(code).toBe(1);
    expect(out).toContain('the one limit holds; 1 of 2 forbidden findings is there');
    expect(out).toMatch(/dense-aggregation +yes +58 +<- forbidden/);
    expect(out).toMatch(/dead-ends +no/);
    const { passed, failed, found, findings } = await json();
    expect({ passed, failed, found }).toEqual({ passed: false, failed: 0, found: 1 });
    expect(findings[0]).toMatchObject({ audit: 'dense-aggregation', found: true });
    expect(findings[0]!.layers).toHaveLength(58);
    expect(findings[0]!.place).toMatch(/flopscope\.budgets\.yaml:2:\d+$/);
  });

  it('of the whole file, or of --forbid, need no limits', async () => {
    write(
      'flopscope.budgets.yaml',
      'forbid: [dense-aggregation]\nbudgets:\n  - model: resnet50\n  - model: vovnet39\n',
    );
    const { out, code } = await check('--forbid', 'costly-bottlenecks,dense-aggregation');
    expect(code).toBe(0);
    expect(out).toContain('None of 4 forbidden findings is there');
  });

  it('of training are of the step that the file or the flags describe', async () => {
    budgets('{ model: densenet121, batch: 2, forbid: [concat-chain-kept, stem-at-full-resolution] }');
    const { out, code } = await check();
    expect(code).toBe(1);
    expect(out).toMatch(/concat-chain-kept +yes +58 +<- forbidden/);
    expect(out).toMatch(/stem-at-full-resolution +no/);
    // Where the concats run again, they are not kept.
    expect((await check('--training', '--checkpoint', 'concat')).code).toBe(0);
  });

  it('stand in JUnit, in Markdown and in annotations', async () => {
    budgets('{ model: vgg16, limits: { params: 1M } }');
    const forbid = ['--forbid', 'heavy-classifier,dead-ends'];
    const junit = (await check('--format', 'junit', ...forbid)).out;
    expect(junit).toMatch(/<testsuites [^>]*tests="3" failures="2"/);
    expect(junit).toContain('forbidden finding heavy-classifier');
    expect((await check('--format', 'markdown', ...forbid)).out).toMatch(/\*\*flopscope: failed\*\*.*1 of 2 forbidden/);
    const { out, code } = await check('--format', 'github', ...forbid);
    expect(code).toBe(1);
    const lines = out.trim().split('\n');
    expect(lines[0]).toMatch(/^::error file=.*flopscope\.budgets\.yaml,line=2,col=\d+,title=vgg16%3A parameters::/);
    expect(lines[1]).toMatch(/^::error title=forbidden%3A heavy-classifier::vgg16, heavy-classifier: .*89\.4 %25/);
    expect(lines).toHaveLength(3);
  });

  it.each([
    ['an audit that is none', '{ model: resnet50, forbid: [dense-agregation] }', [], /:2:\d+: .*a list of audits/],
    ['an empty list', '{ model: resnet50, forbid: [] }', [], /a list of audits/],
    [
      'a flag that is none',
      '{ model: resnet50, limits: { params: 26M } }',
      ['--forbid', 'dead-end'],
      /nearest are dead-ends/,
    ],
    ['one that needs times', '{ model: resnet50, forbid: [slow-depthwise] }', [], /needs times of layers/],
    ['neither limits nor audits', '{ model: resnet50 }', [], /limits are missing/],
  ])('%s: exit code 2', async (_, entry, flags, message) => {
    budgets(entry);
    const { out, err, code } = await check(...flags);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(message);
  });
});
