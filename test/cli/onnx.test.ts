// Do all commands take ONNX files? The totals, the sentence where something is wrong, and the bound where something is left out.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf } from '../importers/onnx/small.js';
import { capture } from './capture.js';

const RESNET = 'fixtures/golden/onnx/resnet50.op17.bn.ext.onnx';
const OPEN = 'fixtures/golden/onnx/mobilenet_v2.op17.folded.dynhw.ext.onnx';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-onnx-'));
const strange = join(folder, 'strange.onnx');
writeFileSync(
  strange,
  bytesOf({
    weights: { w: [4, 3, 1, 1] },
    nodes: [
      ['Conv', 'x w', 'a'],
      ['Fancy', 'a', 'b'],
      ['Relu', 'b', 'y'],
    ],
  }),
);
const budgets = join(folder, 'flopscope.budgets.yaml');
writeFileSync(budgets, 'budgets:\n  - { file: strange.onnx, limits: { params: 1M } }\n');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const json = async (...args: string[]): Promise<object> => {
  const { out, err, code } = await capture([...args, '--format', 'json']);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out) as object;
};

describe('an ONNX file stands where a name stands', () => {
  test('profile', async () => {
    expect(await json('profile', RESNET)).toMatchObject({ source: 'onnx', totals: { multAdds: 4_089_184_256 } });
    expect(await json('profile', OPEN, '--input', '3x320x256', '--batch', '2')).toMatchObject({
      input: { n: 2, c: 3, h: 320, w: 256 },
      totals: { multAdds: 980_500_480 },
    });
  });

  test('compare: an export is its built-in network', async () => {
    const { ratios } = (await json('compare', 'resnet50', RESNET)) as { ratios: readonly object[] };
    expect(ratios[1]).toMatchObject({
      params: 1,
      multAdds: 1,
      memoryAccess: { conv: 1, unfused: 1, fused: 1 },
      ops: 1,
    });
  });

  test('formula', async () => {
    expect(await json('formula', OPEN)).toMatchObject({ multAdds: '5968.875 h n w + 1280000 n' });
  });

  test('measure', { timeout: 60_000 }, async () => {
    const flags = ['--engine', 'cpu', '--input', '3x32x32', '--warmups', '1', '--windows', '1', '--min-window', '0.01'];
    const { out, code } = await capture(['measure', OPEN, ...flags, '--no-ceilings', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ source: 'onnx', input: { n: 1, c: 3, h: 32, w: 32 } });
  });
});

describe('ops that are not known', () => {
  test('are one sentence with all of them', async () => {
    const { out, err, code } = await capture(['profile', strange]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('strange.onnx: flopscope does not know Fancy (1x, first node "n_b")');
  });

  test.each(['table', 'csv', 'markdown', 'json'])(
    '%s of every command says that totals are a lower bound',
    async (format) => {
      for (const args of [
        ['profile', strange],
        ['profile', strange, '--by', 'op'],
        ['compare', 'resnet50', strange],
        ['formula', strange],
        ['diff', 'resnet18', strange],
        ['diff', strange, 'resnet18', '--by', 'op'],
        ['reconcile', strange],
        ['reconcile', strange, '--counter', 'fvcore'],
        ['reconcile', strange, '--given', '1k'],
        ['check', budgets],
      ]) {
        const { out, code } = await capture([...args, '--allow-unknown', '--format', format]);
        expect(code).toBe(0);
        expect(out).toMatch(
          {
            table: /LOWER BOUND: .*Fancy/,
            markdown: /LOWER BOUND: .*Fancy/,
            csv: /lowerBound[^]*Fancy \(1 node, the first n_b\)/,
            json: /"lowerBound"/,
          }[format]!,
        );
      }
    },
  );

  test('a diff of two that agree says it too, and a check does in JUnit', async () => {
    const { out } = await capture(['diff', strange, strange, '--allow-unknown']);
    expect(out).toMatch(/are the same network: all 1 layers that are counted agree\.\nLOWER BOUND: .*Fancy/);
    const { out: junit, code } = await capture(['check', budgets, '--allow-unknown', '--format', 'junit']);
    expect(code).toBe(0);
    expect(junit).toMatch(/<system-err>[^]*LOWER BOUND: not counted of strange\.onnx: Fancy/);
  });

  test.each([
    ['diff', 'resnet18', strange],
    ['reconcile', strange],
    ['check', budgets],
  ])('%s refuses without the flag', async (...args) => {
    const { out, err, code } = await capture(args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('does not know Fancy');
  });

  test('a baseline says that it is a lower bound, and is compared with its like alone', async () => {
    const grown = join(folder, 'grown');
    mkdirSync(grown);
    const at = (name: string): string => join(grown, name);
    const write = (last: 'Fancy' | 'Tanh', behind = 'Relu'): void => {
      const nodes = [['Conv', 'x w', 'a'] as const, [last, 'a', 'b'] as const, [behind, 'b', 'y'] as const];
      writeFileSync(at('net.onnx'), bytesOf({ weights: { w: [4, 3, 1, 1] }, nodes }));
    };
    const check = (...flags: string[]) => capture(['check', at('b.budgets.yaml'), '--allow-unknown', ...flags]);
    writeFileSync(at('b.budgets.yaml'), 'budgets:\n  - { file: net.onnx, limits: { params: +2% } }\n');
    write('Fancy');
    expect((await check('--update-baseline')).err).toMatch(
      /what 1 network costs now, at least: \S*net\.onnx 1x3x8x8 is not counted whole; commit it/,
    );
    expect(JSON.parse(readFileSync(at('b.baseline.json'), 'utf8'))).toMatchObject({
      networks: [{ lowerBound: { ops: [{ op: 'Fancy', nodes: 1 }], behind: 1 } }],
    });
    expect((await check()).code).toBe(0);
    write('Fancy', 'Fancy');
    expect(await check()).toMatchObject({
      ...{ out: '', code: 2 },
      err: expect.stringContaining('a lower bound that leaves out other nodes than this count') as string,
    });
    write('Tanh');
    expect(await check()).toMatchObject({
      ...{ out: '', code: 2 },
      err: expect.stringContaining('the baseline is a lower bound, and this count is of the whole network') as string,
    });
    await check('--update-baseline');
    expect((await check()).code).toBe(0);
    write('Fancy');
    expect(await check()).toMatchObject({
      ...{ out: '', code: 2 },
      err: expect.stringContaining('the baseline is of the whole network, and this count is a lower bound') as string,
    });
  });

  test('cannot be measured', async () => {
    const { code } = await capture(['measure', strange, '--engine', 'cpu']);
    expect(code).toBe(2);
  });
});

test('a file that is not there, or none', async () => {
  for (const path of ['nowhere.onnx', folder.replace(/$/, '.onnx')]) {
    const { out, err, code } = await capture(['profile', path]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(/cannot be read \(there is no such file\)/);
  }
});
