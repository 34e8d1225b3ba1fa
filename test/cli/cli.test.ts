import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInNames } from '../../src/builtIn.js';
import type { ViewedProfile } from '../../reports/sheets/profileJson.js';
import type { Comparison } from '../../src/compare.js';
import type { Formula } from '../../src/formula/formula.js';
import type { Profile } from '../../src/profile.js';
import { capture } from './capture.js';

const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { out, err, code } = await capture([...args, '--format', 'json']);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out) as T;
};

const folder = mkdtempSync(join(tmpdir(), 'flopscope-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('flopscope profile', () => {
  it('prints the JSON contract: schema, input, totals, and every layer with its fields', async () => {
    const profile = await json<Profile>('profile', 'resnet18', '--batch', '2', '--input', '3x64x96');
    expect(profile).toMatchObject({
      schema: 'flopscope.profile/2',
      model: 'resnet18',
      source: 'built-in',
      input: { n: 2, c: 3, h: 64, w: 96 },
    });
    expect(Object.keys(profile.totals)).toEqual(
      expect.arrayContaining([
        'params',
        'multAdds',
        'flops',
        'activations',
        'cio',
        'peakActivations',
        'peakActivationsOutOfPlace',
        'convLayers',
        'memoryAccess',
        'memoryAccessBound',
      ]),
    );
    expect(Object.keys(profile.totals.memoryAccess)).toEqual(['conv', 'linear', 'unfused', 'fused']);
    expect(profile.layers[0]).toEqual({
      name: 'conv1',
      stage: 'stem',
      block: '',
      op: 'conv',
      inShape: [2, 3, 64, 96],
      outShape: [2, 64, 32, 48],
      kernel: [7, 7],
      stride: [2, 2],
      padding: [3, 3, 3, 3],
      dilation: [1, 1],
      groups: 1,
      bias: false,
      params: 9408,
      multAdds: 2 * 64 * 32 * 48 * 3 * 49,
      flops: 4 * 64 * 32 * 48 * 3 * 49,
      activations: 2 * 64 * 32 * 48,
      cio: 2 * 3 * 64 * 96 + 2 * 64 * 32 * 48,
      aliveElements: 2 * 3 * 64 * 96 + 2 * 64 * 32 * 48,
      aliveElementsOutOfPlace: 2 * 3 * 64 * 96 + 2 * 64 * 32 * 48,
      memoryAccessUnfused: 2 * 3 * 64 * 96 + 2 * 64 * 32 * 48 + 9408,
      memoryAccessFused: 2 * 3 * 64 * 96 + 2 * 64 * 32 * 48 + 9408,
      memoryAccessBound: 2 * Math.sqrt(2 * 3 * 64 * 96 * (2 * 64 * 32 * 48)) + 9408,
      balance: expect.any(Number) as number,
      intensity: expect.any(Number) as number,
    });
    expect(profile.layers.find(({ op }) => op === 'add')!.inShapes).toHaveLength(2);
  });

  it.each(['stage', 'block', 'op'])('--by %s has a total row that equals the layers', async (by) => {
    const { totals } = await json<Profile>('profile', 'shufflenet_v2_x1_0');
    const { out } = await capture(['profile', 'shufflenet_v2_x1_0', '--by', by, '--format', 'csv']);
    const [header = '', ...rows] = out.trim().split('\n');
    const column = (name: string): number => header.split(',').indexOf(name);
    const sum = (name: string): number => rows.reduce((all, row) => all + Number(row.split(',')[column(name)]), 0);
    expect(sum('multAdds')).toBe(totals.multAdds);
    expect(sum('params')).toBe(totals.params);
    expect(sum('memoryAccessUnfused')).toBe(totals.memoryAccess.unfused);
  });

  it('--by adds its groups to the JSON, beside all layers', async () => {
    const { groups, layers } = await json<Profile & { groups: { name: string }[] }>(
      'profile',
      'vovnet39',
      '--by',
      'stage',
    );
    expect(groups.map(({ name }) => name)).toEqual(['stem', 'stage2', 'stage3', 'stage4', 'stage5', 'head']);
    expect(layers.length).toBeGreaterThan(100);
  });

  it('--sort and --top show the largest rows and say how many were left out', async () => {
    const { out } = await capture(['profile', 'vgg16', '--sort', 'params', '--top', '2']);
    expect(out).toMatch(/classifier\.0[^]*classifier\.3/);
    expect(out).toContain('2 of 38 rows shown; totals are of all.');
  });

  it('--sort and --top order and cut the rows of JSON too, whose totals stay those of the whole network', async () => {
    const whole = await json<Profile>('profile', 'vgg16');
    const largest = await json<ViewedProfile>('profile', 'vgg16', '--sort', 'params', '--top', '2');
    expect(largest.layers.map(({ name }) => name)).toEqual(['classifier.0', 'classifier.3']);
    expect(largest.totals).toEqual(whole.totals);
    expect(largest.view).toEqual({ by: 'layer', sort: 'params', top: 2, rows: 2, of: 38 });
    expect(whole).not.toHaveProperty('view');
    const stages = await json<ViewedProfile>('profile', 'vgg16', '--by', 'stage', '--sort', 'memoryAccessUnfused');
    const access = stages.groups!.map(({ memoryAccess }) => memoryAccess.unfused);
    expect(access).toEqual([...access].sort((a, b) => b - a));
    expect(stages.view).toEqual({ by: 'stage', sort: 'memoryAccessUnfused', rows: 6, of: 6 });
    expect(stages.layers).toEqual(whole.layers);
  });

  it.each([
    ['unfused', 'memoryAccessUnfused'],
    ['fused', 'memoryAccessFused'],
    ['conv', 'memoryAccessConv'],
    ['Multiply-Adds', 'multAdds'],
    ['FLOPs/byte', 'intensity'],
    ['memory-access-fused', 'memoryAccessFused'],
  ])('--sort %s is the column %s', async (title, key) => {
    expect((await json<ViewedProfile>('profile', 'vgg11', '--sort', title, '--top', '3')).view!.sort).toBe(key);
  });

  it('--sort of no column names those that are near, with their headings', async () => {
    const { out, err, code } = await capture(['profile', 'vgg11', '--sort', 'memory']);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(/Did you mean memoryAccessConv \(conv\) or .*memoryAccessUnfused \(unfused\)\?/);
    expect(err).toMatch(
      /Allowed choices are params, multAdds \(multiply-adds\), .*; --help lists those of --training\.$/m,
    );
    const unlike = (await capture(['profile', 'vgg11', '--sort', 'xyzzy'])).err;
    expect(unlike).not.toContain('Did you mean');
    expect(unlike).toMatch(/intensity \(FLOPs\/byte\); with --training .*optimizerBytes\.$/m);
  });

  it('says one byte and one model, not one bytes', async () => {
    expect((await capture(['profile', 'vgg11', '--bytes-per-element', '1'])).out).toContain(', 1 byte per element.');
    expect((await capture(['compare', 'vgg11'])).out).toMatch(/^1 model, ratios to vgg11\n/);
  });

  it('--bytes-per-element changes bytes and intensity and no count of elements', async () => {
    const [single, half] = [
      await json<Profile>('profile', 'resnet18'),
      await json<Profile>('profile', 'resnet18', '--bytes-per-element', '2'),
    ];
    expect(half.totals).toEqual(single.totals);
    expect(half.layers[0]!.intensity).toBe(2 * single.layers[0]!.intensity!);
  });

  it('drops the least telling columns on a narrow screen, says how many, and names the share that stays', async () => {
    const { out } = await capture(['profile', 'densenet121', '--by', 'stage'], 72);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
    expect(out).toMatch(/^stage +params +multiply-adds +unfused +of unfused +balance$/m);
    expect(out).toContain('\n6 columns hidden: --wide or a wider terminal shows them.\n');
    const wide = (await capture(['profile', 'densenet121', '--by', 'stage', '--wide'], 72)).out;
    expect(wide).toMatch(/^stage .* multiply-adds +share .*FLOPs\/byte$/m);
    expect(wide).not.toContain('hidden');
  });

  it('marks the worst balance', async () => {
    const { out } = await capture(['profile', 'resnet18']);
    expect(out.split('\n').filter((line) => line.includes('worst balance'))).toHaveLength(1);
  });

  it('marks the worst balance of all rows, or none where it is not shown or has none to be worse than', async () => {
    const marked = async (...view: string[]): Promise<string | undefined> =>
      (await capture(['profile', 'mobilenet_v2', ...view])).out.split('\n').find((line) => line.includes('<-'));
    expect(await marked('--sort', 'balance', '--top', '2')).toContain('features.2.conv.0.0');
    expect(await marked('--sort', 'params', '--top', '4')).toBeUndefined();
    expect(await marked('--by', 'op')).toBeUndefined();
  });
});

describe('flopscope formula', () => {
  it('gives the closed form of DenseNet-121 in growth and side', async () => {
    const form = await json<Formula>('formula', 'densenet121', '--symbol', 'growth=g', '--at', 'n=1,w=h');
    expect(form.params).toBe('6700 g^2 + 34908 g + 1000');
    expect(form.at!.multAdds).toBe('52.84375 g^2 h^2 + 73.5 g h^2 + 32000 g');
    expect(form.symbols).toMatchObject({ h: { multipleOf: 32 }, g: { multipleOf: 1 } });
  });

  it.each(['resnet50', 'vovnet39', 'mobilenet_v2', 'shufflenet_v2_x1_0', 'squeezenet1_1'])(
    '--at equals the profile for %s',
    async (model) => {
      const { totals } = await json<Profile>('profile', model, '--input', '3x320x256', '--batch', '3');
      const { at } = await json<Formula>('formula', model, '--at', 'h=320,w=256,n=3');
      const { params, multAdds, activations, memoryAccess } = totals;
      expect(at).toMatchObject({ params, multAdds, activations, memoryAccess });
    },
  );

  it('--at takes decimals and fractions for a ratio, and equals the profile of such a config', async () => {
    const half = file('half.yaml', 'family: mobilenet_v1\nwidth: 0.75');
    const { params, multAdds, activations, memoryAccess } = (await json<Profile>('profile', half)).totals;
    for (const width of ['0.75', '3/4', '.75']) {
      const args = ['formula', 'mobilenet_v1', '--symbol', 'width=a', '--at', `a=${width},n=1,h=224,w=224`];
      expect((await json<Formula>(...args)).at).toMatchObject({ params, multAdds, activations, memoryAccess });
    }
    const { out } = await capture(['formula', 'mobilenet_v1', '--symbol', 'width=a']);
    expect(out).toContain(
      'a: width, a multiple of 1/32 up to 100; elsewhere sizes may be rounded, which no polynomial follows.',
    );
  });

  it('lets widths that must agree share a symbol', async () => {
    const form = await json<Formula>(
      ...['formula', 'vovnet39', '--symbol', 'growth.0=g', 'growth.1=g', '--at', 'n=1,h=224,w=224,g=128'],
    );
    expect(form.symbols['g']).toEqual({ multipleOf: 1, field: 'growth.0, growth.1' });
    expect(typeof form.at!.params).toBe('number');
  });

  it('shows that a dense block grows with the square of its layers and an OSA module linearly', async () => {
    const [dense, osa] = [
      await json<Formula>('formula', 'dense', '--symbol', 'layers=L'),
      await json<Formula>('formula', 'osa', '--symbol', 'layers=L'),
    ];
    expect(dense.memoryAccess.unfused).toContain('L^2');
    expect(dense.multAdds).toContain('L^2');
    for (const text of [osa.params, osa.multAdds, osa.memoryAccess.conv, osa.memoryAccess.unfused]) {
      expect(text).toContain('L');
      expect(text).not.toContain('L^');
    }
  });

  it.each<readonly [readonly string[], string]>([
    [['formula', 'densenet121', '--at', 'h=225'], 'h = 225 is not a positive multiple of 32'],
    [['formula', 'densenet121', '--at', 'k=1'], 'no symbol k'],
    [['formula', 'densenet121', '--symbol', 'grow=g'], 'no numeric field "grow"'],
    [['formula', 'densenet121', '--symbol', 'growth=h'], 'the symbol h is taken'],
    [['formula', 'densenet121', '--symbol', 'growth'], '--symbol growth is not name=value'],
    [
      ['formula', 'densenet121', '--at', 'h=1.5'],
      'h=1.5 is a fraction, and h counts input height: give a whole number',
    ],
    [['formula', 'densenet121', '--symbol', 'growth=g', '--at', 'g=1/2'], 'g=1/2 is a fraction, and g counts growth'],
    ...['h=0', 'h=-32', 'h=1.5.5', 'h=1e9'].map(
      (at) => [['formula', 'densenet121', '--at', at], 'neither a positive number'] as const,
    ),
    [
      ['formula', 'densenet121', '--symbol', 'compression=c', '--at', 'c=0.37,n=1,h=224,w=224'],
      'c = 0.37 is not a positive multiple of 0.25',
    ],
    [
      ['formula', 'mobilenet_v2', '--symbol', 'width=a', '--at', 'a=0.75'],
      'elsewhere sizes may be rounded, which no polynomial follows',
    ],
  ])('%j is refused', async (args, message) => {
    const { out, err, code } = await capture(args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('flopscope compare', () => {
  it('gives ratios to the first model and a sentence that they make', async () => {
    const result = await json<Comparison>('compare', 'resnet50', 'densenet121');
    const [reference, dense] = result.models;
    expect(result.schema).toBe('flopscope.compare/1');
    expect(result.ratios[0]).toMatchObject({ model: 'resnet50', params: 1, multAdds: 1 });
    expect(result.ratios[1]!.multAdds).toBe(dense!.multAdds / reference!.multAdds);
    expect(result.findings).toEqual([
      'densenet121 has 0.69x the multiply-adds of resnet50 but 1.09x its memory access, in 2.47x as many ops.',
    ]);
  });

  it('takes one model, and the same model twice', async () => {
    expect((await json<Comparison>('compare', 'resnet18')).findings).toEqual([]);
    expect((await json<Comparison>('compare', 'resnet18', 'resnet18')).findings).toEqual([
      'resnet18 has the same multiply-adds as resnet18 and the same memory access, in as many ops.',
    ]);
  });
});

describe('flopscope list', () => {
  it('shows every built-in model once', async () => {
    const { out } = await capture(['list', '--format', 'csv']);
    expect(
      out
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    ).toEqual(builtInNames());
  });
});

describe('bad input', () => {
  const long = 'x'.repeat(10_000);
  const directory = mkdtempSync(join(folder, 'folder-')) + '.yaml';
  mkdirSync(directory);
  it.each([
    [
      'an unknown model, with the nearest names',
      ['profile', 'resnet5'],
      /no built-in model "resnet5"; the nearest names are resnet50/,
    ],
    [
      'a file that is not there',
      ['profile', 'nowhere.yaml'],
      /nowhere\.yaml: cannot be read \(there is no such file\)/,
    ],
    ['a directory', ['profile', directory], /it is a directory without saved_model\.pb/],
    ['a file of another kind', ['profile', file('model.xyz', 'hello')], /it is of no kind that flopscope reads/],
    ['a name with an escape sequence', ['profile', 'res\u001b[2Jnet'], /no built-in model "res\?\[2Jnet"/],
    ['an empty file', ['profile', file('empty.yaml', '')], /empty\.yaml/],
    ['a file past 5 MB', ['profile', file('large.yaml', 'a'.repeat(6_000_000))], /more than the 5 MB/],
    ['an input that is no CxHxW', ['profile', 'resnet50', '--input', '224'], /--input 224 is not CxHxW/],
    ['an input with a zero', ['profile', 'resnet50', '--input', '3x0x224'], /is not CxHxW/],
    ['an input of 30 digits', ['profile', 'resnet50', '--input', `3x${'9'.repeat(30)}x224`], /is not CxHxW/],
    [
      'an input too small for the strides',
      ['profile', 'squeezenet1_1', '--input', '3x8x8'],
      /does not fit in a side of/,
    ],
    ['a count past 2^53', ['profile', 'resnet50', '--input', '3x4000000x4000000'], /passes 2\^53/],
    ['a batch of 0', ['profile', 'resnet50', '--batch', '0'], /whole number of at least 1/],
    ['a fractional batch', ['profile', 'resnet50', '--batch', '1.5'], /whole number of at least 1/],
    ['an unknown flag', ['profile', 'resnet50', '--batches', '1'], /unknown option '--batches'/],
    ['an unknown command', ['profil', 'resnet50'], /unknown command 'profil' \(Did you mean profile\?\)/],
    ['an unknown format', ['list', '--format', 'xml'], /Allowed choices are table, json, csv, markdown/],
    ['no model', ['profile'], /name one model, as flopscope list shows them, or a detector and its backbone/],
    ['a very long name', ['profile', long], /no built-in model/],
  ])('%s: exit code 2, one sentence, nothing on stdout', async (_, args, message) => {
    const { out, err, code } = await capture(args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/\n\s+at /);
    expect(err.length).toBeLessThan(1000);
  });
});

describe('the built program', () => {
  const flopscope = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' });

  it('prints its version', () => {
    expect(flopscope('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('survives a reader that closes the pipe early', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" dist/cli.js profile densenet201 | head -1`],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('counts without loading an engine, a chart or a config reader', () => {
    const probe =
      'import("node:module").then(({ default: m }) => { const load = m._load; m._load = function (name, ...rest) { console.error(name); return load.call(this, name, ...rest); }; return import(process.cwd() + "/dist/cli.js"); });';
    const { stderr } = spawnSync(process.execPath, ['-e', probe, '--', 'profile', 'resnet18'], { encoding: 'utf8' });
    expect(stderr).not.toMatch(/tensorflow|chart\.js|canvas|zod|yaml/);
  });

  it('--help names every command with an example', () => {
    for (const command of ['list', 'profile', 'formula', 'compare', 'schema'])
      expect(flopscope(command, '--help').stdout).toContain('Example:');
  });
});

describe('names', () => {
  it.each([
    ['ResNet-50', 'resnet50'],
    ['VOVNET39', 'vovnet39'],
  ])('%s is %s', async (name, own) => {
    const { out } = await capture(['profile', name, '--json']);
    expect((JSON.parse(out) as { model: string }).model).toBe(own);
  });

  it.each<readonly [readonly string[], string]>([
    [['profile', 'qqqqqqzz'], 'error: there is no built-in model "qqqqqqzz" (flopscope list shows all)\n'],
    [['profile', 'resnet5'], 'the nearest names are resnet50, '],
    [
      ['profile', 'dsod300'],
      'dsod300 is a detector and needs a backbone: write dsod300@BACKBONE, as in dsod300@vovnet39',
    ],
    [['profile', 'a', 'b'], 'flopscope profile takes one model; flopscope compare puts several side by side'],
    [['list', 'zzz'], 'no built-in model fits "zzz"'],
    [
      ['list', 'res', '--formats'],
      '--formats lists kinds of file, and "res" is part of a model\'s name: leave one out',
    ],
    [['report', 'resnet18', '-o', 'x.pdf'], 'x.pdf: a report is a page (.html) or Markdown (.md)'],
    [['report', 'resnet18', '-o', 'x.md', '--format', 'html'], 'its ending says markdown, and --format says html'],
    [['redesign', 'resnet18', '-o', 'designs.yaml', '--budget', 'params'], 'name a folder'],
  ])('%j is refused', async (args, message) => {
    const { out, err, code } = await capture([...args]);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain(message);
  });

  it('list takes part of a name, a family, or a pattern', async () => {
    const listed = async (pattern: string): Promise<readonly string[]> => {
      const { out } = await capture(['list', pattern, '--json']);
      return (JSON.parse(out) as { models: { model: string }[] }).models.map(({ model }) => model);
    };
    expect(await listed('VoVNet57')).toEqual(['vovnet57', 'ese_vovnet57b']);
    expect(await listed('vov*57')).toEqual(['vovnet57']);
    expect((await listed('densenet')).length).toBeGreaterThan(4);
  });
});

it('guidelines answers below study, and by its old name', async () => {
  const [below, old] = await Promise.all(
    [['study', 'guidelines'], ['guidelines']].map((words) => capture([...words, '--no-measure', '--only', 'G1', '-q'])),
  );
  expect([below!.code, below!.out]).toEqual([0, old!.out]);
  expect(below!.out).toContain('G1: equal channel width');
});

it('help lists commands in groups', async () => {
  const { out } = await capture(['--help']);
  expect(out.match(/^[A-Z][A-Za-z ]+:$/gm)).toEqual([
    ...['Analyse:', 'Measure:', 'Improve:', 'Papers:', 'Share:', 'CI:', 'Set up:', 'General:', 'First steps:'],
  ]);
  expect(out).not.toContain('guidelines');
});
