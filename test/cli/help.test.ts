// Does one option mean the same in every command, and does help show each of them in its group?

import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { RUN_FLAGS } from '../../cli/flags/measureOptions.js';
import { groupsOf } from '../../cli/help/groups.js';
import { commandsBelow, textBelow, writtenName } from '../../cli/help/texts.js';
import { program } from '../../cli/program.js';
import { plainLook } from '../../cli/screen.js';
import { capture } from './capture.js';

const root = program({ out: () => undefined, err: () => undefined, look: plainLook, progress: 'none' });
const all: readonly Command[] = commandsBelow(root).flatMap((command) => [command, ...commandsBelow(command)]);
const words = (command: Command): readonly string[] => writtenName(command).split(' ').slice(1);
const takes = (flag: string): readonly string[] =>
  all
    .filter(({ options }) => options.some(({ long, hidden }) => long === flag && !hidden))
    .map((one) => words(one).join(' '));

/** Commands that take a model, and what else they take. */
const OF_MODELS = [
  ...['MODEL', 'profile', 'formula', 'compare', 'diff', 'reconcile', 'measure', 'predict', 'explain', 'redesign'],
  ...['report', 'studio', 'convert'],
];
const without = (...names: readonly string[]): readonly string[] => OF_MODELS.filter((name) => !names.includes(name));

describe('an option exists wherever it makes sense', () => {
  it.each<readonly [string, readonly string[]]>([
    ['--detector', OF_MODELS],
    ['--backbone', OF_MODELS],
    // A formula has symbols for sizes; the studio has fields for them, and is told of unknown ops.
    ['--input', [...without('formula', 'studio'), 'device calibrate']],
    ['--batch', [...without('formula', 'studio'), 'device calibrate', 'study', 'study guidelines']],
    // What is timed is the whole network: the rest of it explains no time.
    ['--allow-unknown', [...without('measure', 'explain', 'studio'), 'sweep', 'check']],
    ['--runs', ['MODEL', 'compare', 'explain', 'report']],
    ['--measure', ['compare', 'diff', 'sweep', 'study', 'study guidelines', 'report']],
    ['--open', ['report', 'studio']],
  ])('%s', (flag, commands) => {
    expect([...takes(flag)].sort()).toEqual([...commands].sort());
  });

  it('--format, --json and -o: every command that prints a table', () => {
    const tables = all.filter(({ options }) => options.some(({ argChoices }) => argChoices?.includes('table')));
    expect(tables.map((one) => words(one).join(' '))).toEqual([
      ...['MODEL', 'profile', 'formula', 'compare', 'diff', 'reconcile', 'list', 'measure', 'predict', 'device list'],
      ...['explain', 'redesign', 'study', 'study guidelines', 'check', 'doctor'],
    ]);
    for (const flag of ['--json', '--output'])
      expect(takes(flag)).toEqual(expect.arrayContaining(tables.map((one) => words(one).join(' '))));
  });
});

describe('an option says the same in every command', () => {
  /** What is searched, drawn or written differs from command to command. */
  const OWN = [
    ...[
      '--output',
      '--format',
      '--to',
      '--by',
      '--sort',
      '--top',
      '--title',
      '--name',
      '--only',
      '--seed',
      '--threads',
    ],
    ...['--runs', '--times', '--mode', '--device', '--batch'],
    ...['--training', '--charts'],
  ];
  const texts = new Map<string, Set<string>>();
  for (const { options } of all)
    for (const { long, hidden, flags, description } of options)
      if (!hidden) texts.set(long!, (texts.get(long!) ?? new Set()).add(`${flags} ${description}`));

  it.each([...texts].filter(([flag]) => !OWN.includes(flag)))('%s', (_, said) => {
    expect([...said]).toHaveLength(1);
  });

  it('saved runs are --runs, and the devices of --times are --times-device', () => {
    for (const { options } of all)
      for (const { long, hidden, description } of options) {
        if (hidden || !/measure.* -o/.test(description)) continue;
        expect(long).toBe('--runs');
      }
    expect(takes('--times-device')).toEqual(['predict', 'explain']);
  });

  it('is in the same group of all commands that measure', () => {
    for (const command of all) {
      const groups = groupsOf(command, []);
      const measuring = groups.find(({ name }) => name === 'Measuring')?.options.map(({ long }) => long) ?? [];
      const own = command.options.filter(({ long, hidden }) => !hidden && RUN_FLAGS.includes(long!));
      if (command.options.some(({ long }) => long === '--engine'))
        expect(measuring.filter((long) => long !== '--measure').sort()).toEqual(own.map(({ long }) => long).sort());
    }
  });
});

describe.each(all.map((command) => [writtenName(command), command] as const))('%s --help', (name, command) => {
  const asked = (): ReturnType<typeof capture> =>
    capture(name === 'flopscope MODEL' ? ['resnet50', '--help'] : [...words(command), '--help']);

  it('begins with its usage, fits 80 columns, and names every option', async () => {
    const { out, code } = await asked();
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: ${name}`));
    const [above = ''] = out.split(/\n(?:Example|First steps|Set it up once):/);
    for (const line of above.split('\n'))
      expect(line.length).toBeLessThanOrEqual(command.name() === 'setup' ? 200 : 80);
    for (const { long, hidden } of command.options) if (!hidden) expect(out).toContain(long!);
  });

  it('follows the width of the terminal', async () => {
    const args = name === 'flopscope MODEL' ? ['resnet50', '--help'] : [...words(command), '--help'];
    const lines = (out: string): number => out.split('\n').length;
    const [narrow, wide] = [(await capture(args, 60)).out, (await capture(args, 100)).out];
    expect(lines(narrow)).toBeGreaterThanOrEqual(lines(wide));
    expect(lines(narrow)).toBeLessThan(3 * lines(wide));
  });

  it('has an example', () => {
    expect(textBelow(command)).toMatch(/Example:|Set it up once:/);
  });
});

it('how networks are run is described once: the other commands name the flags, and their own defaults', async () => {
  const measure = (await capture(['measure', '--help'])).out;
  expect(measure).toContain('inferences before the first timed one (default: 3)');
  for (const command of ['compare', 'diff', 'explain', 'report', 'sweep', 'study']) {
    const { out } = await capture([command, '--help']);
    expect(out).toContain('as in flopscope measure --help: --engine');
    expect(out).not.toContain('inferences before');
  }
  expect((await capture(['compare', '--help'])).out).toContain('Defaults here: --min-window 0.5, --sessions 5');
});

it.each<readonly [readonly string[], string]>([
  [['redesign', 'resnet18', '--layers', '0'], "option '--layers <n,...>' argument '0' is invalid"],
  [
    ['explain', '--device', 'x', '--times-device', 'y', '--times', 'z'],
    '--device is the old name of --times-device: leave it out',
  ],
])('%j: an old name is checked as the new one is', async (args, message) => {
  const { err, code } = await capture(args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

it('an old name still answers, and says the new one', async () => {
  const args = ['explain', '--times', 'fixtures/times/timm-rtx3090-amp.csv'];
  const [before, now] = [
    await capture([...args, '--device', 'RTX 3090']),
    await capture([...args, '--times-device', 'RTX 3090']),
  ];
  expect(before.out).toBe(now.out);
  expect(before.err).toContain('--device is now called --times-device; the old name still works.\n');
  expect(now.err).not.toContain('old name');
});

it.each<readonly [readonly string[], string]>([
  [['sweep'], "missing required argument 'space.yaml'; flopscope sweep --help shows examples"],
  [
    ['predict', 'resnet18'],
    "required option '--device <name,...>' not specified; flopscope predict --help shows examples",
  ],
  [['diff', 'a', 'b', 'c'], 'flopscope compare puts more networks side by side'],
  [['predict', '--device', 'rtx-4090'], 'there is nothing to predict: name models'],
])('%j says what to do', async (args, message) => {
  const { err, code } = await capture(args);
  expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
  expect(err).toContain(message);
});

it('a detector stands on both versions of a diff, and on the model of a conversion', async () => {
  const { out } = await capture(['diff', '--detector', 'dsod300', '--backbone', 'vovnet39', 'vovnet57', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    before: { model: 'dsod300@vovnet39' },
    after: { model: 'dsod300@vovnet57' },
  });
  expect((await capture(['convert', 'vovnet39', '--detector', 'dsod300', '--to', 'dot'])).out).toContain(
    'dsod300@vovnet39',
  );
});
