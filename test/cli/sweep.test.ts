// Does flopscope sweep count what profile counts, go on where it ended, and put shards together?

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from './capture.js';

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
    const space = file('groups.yaml', 'model: densenet_bc100_k12\nvary: { growth: [8, 0] }\n');
    const { out, code } = await capture(['sweep', space]);
    expect(code).toBe(0);
    const [good, bad] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { multAdds: number | null; refused: string | null });
    expect(good!.refused).toBeNull();
    expect(bad).toMatchObject({ multAdds: null });
    expect(bad!.refused).toMatch(/growth holds 0/);
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
