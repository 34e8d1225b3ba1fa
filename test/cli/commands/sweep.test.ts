// Does flopscope sweep count what profile counts, go on where it ended, and put shards together?

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelNamed } from '../../../cli/input/model.js';
import { plainLook } from '../../../cli/screen.js';
import { measuredRows } from '../../../src/sweep/measuredRows.js';
import { withSession } from '../../../cli/measuring/session.js';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-sweep-'));
const at = (name: string): string => join(folder, name);
const file = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const SPACE = file(
  'space.yaml',
  'model: densenet_bc100_k12\nvary: { growth: [8, 12], blocks.1: { from: 2, to: 4, step: 1 } }\ninputs: [3x32x32, 3x40x24]\n',
);
const rowsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          point: number;
          values: object;
          multAdds: number;
          refused: string | null;
          milliseconds: number | null;
        },
    );

const sweep = async (...args: readonly string[]) => {
  const answer = await capture(['sweep', SPACE, ...args]);
  expect([answer.code, answer.err.split('\n').length]).toEqual([0, 2]);
  return answer;
};

describe('flopscope sweep', () => {
  it('has a row for every point, with the counts of profile', async () => {
    await sweep('-o', at('all.jsonl'));
    const rows = rowsIn(at('all.jsonl'));
    expect(rows.map(({ point }) => point)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    const own = file(
      'own.yaml',
      'family: densenet_cifar\ngrowth: 12\nblocks: [16, 4, 16]\nbottleneck: true\ncompression: 0.5\n',
    );
    const { out } = await capture(['profile', own, '--input', '3x40x24', '--format', 'json']);
    const last = rows.at(-1)!;
    expect(last.values).toEqual({ growth: 12, 'blocks.1': 4 });
    expect(last.multAdds).toBe((JSON.parse(out) as { totals: { multAdds: number } }).totals.multAdds);
  });

  it('goes on after a torn line, as if nothing had happened', async () => {
    const whole = readFileSync(at('all.jsonl'), 'utf8');
    const torn = file('torn.jsonl', whole.split('\n').slice(0, 5).join('\n') + '\n{"point":5,"val');
    await sweep('-o', torn);
    expect(readFileSync(torn, 'utf8')).toBe(whole);
    await sweep('-o', torn);
    expect(readFileSync(torn, 'utf8')).toBe(whole);
  });

  it.each(['jsonl', 'csv'])('puts shards together to the same rows as one process makes: %s', async (ending) => {
    for (const i of [1, 2, 3]) await sweep('--shard', `${i}/3`, '-o', at(`part${i}.${ending}`));
    await sweep('-o', at(`one.${ending}`));
    const parts = [1, 2, 3].map((i) => at(`part${i}.${ending}`));
    const { err } = await sweep('--merge', ...parts, '-o', at(`merged.${ending}`));
    expect(err).toContain('12 points of 3 files, all of the space');
    expect(readFileSync(at(`merged.${ending}`), 'utf8')).toBe(readFileSync(at(`one.${ending}`), 'utf8'));
    const { err: less } = await sweep('--merge', parts[0]!, parts[2]!, '-o', at(`less.${ending}`));
    expect(less).toContain('4 of the space are missing');
  });

  it('says why a point has no network, and goes on', async () => {
    const space = file('groups.yaml', 'model: densenet_bc100_k12\nvary: { growth: [8] }\ninputs: [3x32x32, 3x2x2]\n');
    const { out, code } = await capture(['sweep', space]);
    expect(code).toBe(0);
    const [good, bad] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { multAdds: number | null; refused: string | null });
    expect(good!.refused).toBeNull();
    expect(bad).toMatchObject({ multAdds: null });
    expect(bad!.refused).toMatch(/2/);
  });

  it('measures every point where that is asked for', async () => {
    const space = file('small.yaml', 'model: resnet20\nvary: { width: [4, 8] }\n');
    const known = await capture(['sweep', space]);
    const path =
      known.code === 0
        ? space
        : file('small.yaml', 'model: osa_cifar_5x43\nvary: { growth: [4, 8] }\ninputs: [3x16x16]\n');
    const { code } = await capture([
      'sweep',
      path,
      '--measure',
      '--engine',
      'wasm',
      '--min-window',
      '0.01',
      '--windows',
      '3',
      '--no-ceilings',
      '-o',
      at('timed.jsonl'),
    ]);
    expect(code).toBe(0);
    for (const { milliseconds } of rowsIn(at('timed.jsonl'))) expect(milliseconds).toBeGreaterThan(0);
  });

  it('keeps the reason of a measured point that has no room with that very point', async () => {
    const path = file(
      'room.yaml',
      'model: osa_cifar_5x43\nvary: { growth: [4, 8] }\ninputs: [3x16x16]\nbatches: [1, 1000000]\n',
    );
    const flags = ['--engine', 'wasm', '--min-window', '0.01', '--windows', '3', '--no-ceilings'];
    const { out, code } = await capture(['sweep', path, '--measure', ...flags]);
    expect(code).toBe(0);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { n: number; milliseconds: number | null; refused: string | null });
    expect(rows).toHaveLength(4);
    for (const { n, milliseconds, refused } of rows)
      if (n === 1) expect([milliseconds! > 0, refused]).toEqual([true, null]);
      else expect([milliseconds, refused]).toEqual([null, expect.stringMatching(/at batch 1000000: .* use --batch/)]);
  });

  it('leaves a file of something else as it is', async () => {
    for (const [name, text] of [
      ['notes.jsonl', 'my notes'],
      ['rows.csv', 'a,b\n1,2\n'],
      ['list.jsonl', '{"a":1}\n'],
    ] as const) {
      const path = file(name, text);
      const { code, err } = await capture(['sweep', SPACE, '-o', path]);
      expect([code, readFileSync(path, 'utf8')]).toEqual([2, text]);
      expect(err).toContain(path);
    }
  });

  it('refuses rows of another space or shard', async () => {
    const other = file(
      'other.yaml',
      'model: densenet_bc100_k12\nvary: { growth: [8, 16], blocks.1: { from: 2, to: 4, step: 1 } }\ninputs: [3x32x32, 3x40x24]\n',
    );
    expect((await capture(['sweep', other, '-o', at('all.jsonl')])).err).toContain(
      'has other values there: these are rows of another sweep',
    );
    expect((await capture(['sweep', SPACE, '--shard', '1/3', '-o', at('all.jsonl')])).err).toContain(
      'is not in shard 1/3',
    );
  });

  it('takes no row of another model or another input as its own, in going on and in merging', async () => {
    const of = (name: string, head: string, input: string) =>
      file(name, `${head}\nvary: { growth: [8, 12] }\ninputs: [${input}]\n`);
    const small = of('a.yaml', 'model: densenet_bc100_k12', '3x32x32');
    const others = [
      of('b.yaml', 'model: densenet40_k12', '3x32x32'),
      of('c.yaml', 'model: densenet_bc100_k12', '3x40x32'),
    ];
    for (const ending of ['jsonl', 'csv']) {
      const rows = at(`a.${ending}`);
      expect((await capture(['sweep', small, '-o', rows])).code).toBe(0);
      const before = readFileSync(rows, 'utf8');
      for (const [i, says] of [
        'is of densenet_bc100_k12, not of densenet40_k12',
        'has the input 1x3x32x32, not 1x3x40x32',
      ].entries())
        for (const flags of [
          ['-o', rows],
          ['--merge', rows],
        ]) {
          const { code, out, err } = await capture(['sweep', others[i]!, ...flags]);
          expect([code, out, readFileSync(rows, 'utf8')]).toEqual([2, '', before]);
          expect(err).toContain(`a.${ending}: point 0 ${says}`);
        }
    }
  });

  it('takes no row of a file that holds another network now, and those of one with another comment', async () => {
    const net = (depth: number, comment = '') =>
      file('net.yaml', `${comment}family: densenet_cifar\ngrowth: 12\nblocks: [4, 4, ${depth}]\nbottleneck: true\n`);
    net(4);
    const space = file('of-net.yaml', 'file: net.yaml\nvary: { growth: [8, 12] }\n');
    const rows = at('net.jsonl');
    expect((await capture(['sweep', space, '-o', rows])).code).toBe(0);
    net(4, '# the same\n');
    expect((await capture(['sweep', space, '-o', rows])).err).toContain('2 of 2 points, 2 of them from before');
    net(5);
    const { code, err } = await capture(['sweep', space, '-o', rows]);
    expect(code).toBe(2);
    expect(err).toMatch(/point 0 is of net#[0-9a-f]{8}, not of net#[0-9a-f]{8}/);
  });

  describe('with --measure', () => {
    const space = file('m.yaml', 'model: osa_cifar_5x43\nvary: { growth: [4, 8] }\ninputs: [3x16x16]\n');
    const flags = ['--measure', '--engine', 'wasm', '--min-window', '0.01', '--windows', '3', '--no-ceilings'];
    it.each(['jsonl', 'csv'])(
      'onto a counted file measures, once, and leaves one row of each point: %s',
      async (ending) => {
        const path = at(`counted.${ending}`);
        await capture(['sweep', space, '-o', path]);
        const counted = readFileSync(path, 'utf8');
        expect((await capture(['sweep', space, ...flags, '-o', path])).err).toContain('2 of 2 points:');
        const timed = readFileSync(path, 'utf8');
        expect(timed.split('\n')).toHaveLength(counted.split('\n').length);
        expect((await capture(['sweep', space, ...flags, '-o', path])).err).toContain('2 of them from before');
        expect(readFileSync(path, 'utf8')).toBe(timed);
        writeFileSync(at(`again.${ending}`), counted);
        for (const order of [
          [path, at(`again.${ending}`)],
          [at(`again.${ending}`), path],
        ]) {
          await capture(['sweep', space, '--merge', ...order, '-o', at(`best.${ending}`)]);
          expect(readFileSync(at(`best.${ending}`), 'utf8')).toBe(timed);
        }
      },
    );

    it('tries a point again whose run failed', async () => {
      const path = at('failed.jsonl');
      await capture(['sweep', space, '-o', path]);
      const rows = rowsIn(path).map((row) => JSON.stringify({ ...row, refused: 'the device was lost' }));
      writeFileSync(path, rows.join('\n') + '\n');
      expect((await capture(['sweep', space, ...flags, '-o', path])).code).toBe(0);
      for (const { milliseconds, refused } of rowsIn(path)) expect([milliseconds! > 0, refused]).toEqual([true, null]);
    });

    it.each([
      [{ multAdds: 1 }, 'point 0 has 1 multAdds'],
      [{ device: 'another', milliseconds: 1 }, 'point 0 has its time on another'],
    ])('does not merge rows that conflict: %j', async (change, says) => {
      const path = at('timed-a.jsonl');
      await capture(['sweep', space, ...flags, '-o', path]);
      const [first] = rowsIn(path);
      const other = file('timed-b.jsonl', `${JSON.stringify({ ...first, ...change })}\n`);
      const { code, out, err } = await capture(['sweep', space, '--merge', path, other]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`timed-b.jsonl: ${says}`);
      expect(err).toContain('timed-a.jsonl');
    });

    it('prints nothing where there is no such engine', async () => {
      const { code, out } = await capture(['sweep', space, '--measure', '--engine', 'abacus', '--format', 'csv']);
      expect([code, out]).toEqual([2, '']);
    });
  });

  it('makes the graph of a point only when the one before has its row', async () => {
    const model = await modelNamed('osa_cifar_5x43');
    const order: string[] = [];
    function* points() {
      for (const index of [0, 1, 2]) {
        order.push(`make ${index}`);
        yield { index, values: { growth: 4 + index }, input: [3, 16, 16] as const, batch: 1 };
      }
    }
    const flags = { engine: 'wasm', layers: false, eager: false, warmups: 1, windows: 3, minWindow: 0.01 };
    const screen = { out: () => undefined, err: () => undefined, look: plainLook, progress: 'none' as const };
    await withSession({ ...flags, seed: 1, ceilings: false, allowSoftware: false }, screen, 3, async (session) => {
      order.push('open');
      for await (const { point } of measuredRows({ model, mark: model.name }, points(), session))
        order.push(`row ${point}`);
    });
    expect(order).toEqual(['open', ...[0, 1, 2].flatMap((i) => [`make ${i}`, `row ${i}`])]);
  });

  it.each([
    ['growth: ["x"]', ':2:18: growth must be a positive whole number, not "x"'],
    ['growth: ["16"]', ':2:18: growth must be a positive whole number, not "16"'],
    ['growth: [16, true]', ':2:22: growth must be a positive whole number, not true'],
    ['growth: [16, 0]', ':2:22: growth must be a positive whole number, not 0'],
    ['growth: { from: 8, to: 9, step: 0.5 }', ':2:17: growth must be a positive whole number, not 8.5'],
    ['compression: ["half"]', /:2:23: compression must be a number .*not "half"/],
    ['blocks: [6]', /:2:18: blocks must be a list .*not 6.*: vary its items, as in blocks\.0/],
  ])('refuses what a field may not hold, at its place: %s', async (vary, says) => {
    const { out, err, code } = await capture(['sweep', file('wrong.yaml', `model: densenet121\nvary: { ${vary} }\n`)]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });

  it.each([
    [['none.yaml'], 'none.yaml: cannot be read'],
    [[file('field.yaml', 'model: resnet50\nvary: { groth: [1] }')], /field\.yaml:2:9: resnet50 has no field "groth"/],
    [[file('who.yaml', 'model: resnet5O\nvary: { groups: [1] }')], 'there is no built-in model'],
    [[SPACE, '-o', 'rows.txt'], 'rows.txt: name a file that ends in .jsonl or .csv'],
    [[SPACE, '--shard', '4/3'], '--shard 4/3: give i/n'],
  ])('%j ends with exit code 2: %s', async (args, message) => {
    const { out, err, code } = await capture(['sweep', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
