// An op that flopscope does not know: every format and every command that counts refuses it alike, and leaves it out alike.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MULT_ADDS, WITH_UNKNOWN_OP } from '../importers/unknownOp.js';
import { capture } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-unknown-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Paths of the files, as a user names them: a SavedModel is a folder. */
const FILES = Object.entries(WITH_UNKNOWN_OP).map(([name, bytes]) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes());
  return basename(path) === 'saved_model.pb' ? dirname(path) : path;
});

/** What names a file in a file of its own, written beside it. */
function beside(path: string, ending: string, text: string): string {
  const written = `${path.replaceAll('.', '-')}.${ending}`;
  writeFileSync(written, text);
  return written;
}

/** Arguments of each command that counts files. */
const COMMANDS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  profile: (path) => ['profile', path],
  'profile --training': (path) => ['profile', path, '--training'],
  compare: (path) => ['compare', 'resnet20', path],
  diff: (path) => ['diff', 'resnet20', path],
  formula: (path) => ['formula', path],
  reconcile: (path) => ['reconcile', path],
  diagnose: (path) => [path],
  predict: (path) => ['predict', path, '--device', 'rtx-3090'],
  report: (path) => ['report', path, '-o', beside(path, 'html', '')],
  check: (path) => [
    'check',
    beside(path, 'budgets.yaml', `budgets:\n  - { file: ./${basename(path)}, limits: { multAdds: 1M } }\n`),
  ],
  sweep: (path) => ['sweep', beside(path, 'space.yaml', `file: ./${basename(path)}\nbatches: [1, 2]\n`)],
  convert: (path) => ['convert', path, '--to', 'dot'],
  redesign: (path) => ['redesign', path, '--candidates', '100', '--threads', '1'],
};

describe.each(Object.entries(COMMANDS))('%s', (_, args) => {
  test.each(FILES)('refuses %s, in one sentence', async (path) => {
    const { out, err, code } = await capture(args(path));
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(
      /^error: (\S+: )+flopscope does not know (mine\.)?fancy \(1x, first (node|layer|operator|section) "(1_)?(own|fancy)"\); --allow-unknown counts the rest as a lower bound\n$/i,
    );
  });

  test.each(FILES)('counts the rest of %s', async (path) => {
    const { out, err, code } = await capture([...args(path), '--allow-unknown']);
    expect(code, err).toBe(0);
    expect(out + err).toMatch(/lower bound/i);
  });
});

/** Commands that need the whole network, so that nothing of it can be left out. */
const WHOLE: Readonly<Record<string, (path: string) => readonly string[]>> = {
  convert: (path) => ['convert', path, '-o', `${path.replaceAll('.', '-')}.onnx`],
  measure: (path) => ['measure', path, '--engine', 'cpu'],
  'compare --measure': (path) => ['compare', 'resnet20', path, '--measure', '--engine', 'cpu'],
  explain: (path) => ['explain', path, '--times', 'fixtures/times/timm-rtx3090-amp.csv'],
};

test.each(Object.entries(WHOLE))('%s refuses the file, and advises what does take it', async (_, args) => {
  for (const path of FILES.filter((file) => !file.endsWith('.onnx'))) {
    const { out, err, code } = await capture(args(path));
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(
      /^error: \S+: flopscope does not know (mine\.)?fancy [^;]*; [^;]*--allow-unknown (counts|draws) the rest\n$/i,
    );
  }
});

test('sweep says of each row that its counts are a lower bound', async () => {
  const { out } = await capture([...COMMANDS['sweep']!(FILES[0]!), '--allow-unknown']);
  const models = out.trim().split('\n').map((line) => (JSON.parse(line) as { readonly model: string }).model); // prettier-ignore
  expect(models).toEqual(Array(2).fill(expect.stringMatching(/#[0-9a-f]{8} \(lower bound\)$/)));
});

test.each(FILES)('%s: the rest are the counts of its convolution', async (path) => {
  const { out } = await capture(['profile', path, '--allow-unknown', '--format', 'json']);
  expect(JSON.parse(out)).toMatchObject({ totals: { multAdds: MULT_ADDS }, lowerBound: { ops: [{ nodes: 1 }] } });
});

test('predict gives a lower bound no rank, and says so', async () => {
  const { out } = await capture(['predict', 'resnet20', FILES[0]!, '--device', 'rtx-3090', '--allow-unknown']);
  expect(out).toMatch(/at least [\d.]+/);
  expect(out).toContain('Not ranked on rtx-3090: ');
  expect(out).not.toContain('most images per second first');
  const { rankings } = JSON.parse(
    (await capture(['predict', 'resnet20', FILES[0]!, '--device', 'rtx-3090', '--allow-unknown', '--format', 'json']))
      .out,
  ) as { readonly rankings: unknown };
  expect(rankings).toEqual([{ device: 'rtx-3090', ranks: [['resnet20']] }]);
});

test('reconcile says at least, and redesign why it cannot', async () => {
  const { out } = await capture(['reconcile', FILES[0]!, '--allow-unknown']);
  expect(out).toContain(`: at least ${MULT_ADDS} multiply-adds, and what`);
  const redesigned = await capture([...COMMANDS['redesign']!(FILES[0]!), '--allow-unknown']);
  expect(redesigned.out).toMatch(
    /cannot be redesigned: its counts are a lower bound, since Fancy \(1x, the first "?own"?\)/,
  );
});

test('no figure of a training step that is a lower bound is put over another', async () => {
  const [path] = FILES;
  const { out } = await capture(['compare', 'resnet20', path!, '--training', '--allow-unknown']);
  const [, steps = ''] = out.split('A training step, ratios to resnet20');
  const row = steps.split('\n').find((line) => line.endsWith('<- lower bound'))!;
  expect(row).toContain('at least ');
  expect(row).not.toMatch(/\dx /);
  expect(steps).toContain('Where a figure is a lower bound, there is no ratio.');
  const csv = (await capture(['compare', 'resnet20', path!, '--training', '--allow-unknown', '--format', 'csv'])).out;
  const [head, , bound] = csv
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/"[^"]*"/g, 'text').split(','));
  head!.forEach((key, i) => {
    if (key.endsWith('Ratio')) expect([key, bound![i]]).toEqual([key, '']);
  });
});

test.each([[[] as readonly string[]], [['profile']]])(
  'the headline of a training step says at least: %j',
  async (words) => {
    const { out } = await capture([...words, FILES[0]!, '--training', '--allow-unknown']);
    expect(out).toMatch(/a training step of at least|A training step \([^)]*\): at least/);
  },
);
