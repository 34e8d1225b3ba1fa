// The README and every page of docs show what commands really print: each console block is run again and compared.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '../cli/program.js';
import { plainLook } from '../cli/screen.js';
import { bytes, short, times } from '../reports/text/number.js';
import { builtIn, builtInNames } from '../src/builtIn.js';
import { training, type TrainingTotals } from '../src/training/training.js';
import { capture } from './cli/capture.js';
import { blocksOf, callsOf, PAGES, rewrite, WRITING } from './docs/page.js';
import { flopscopeCalls } from './docs/shell.js';

/** A page that everybody reads shows what a terminal of this width shows; other pages show all columns. */
const WIDTHS: Readonly<Record<string, number>> = { 'README.md': 99 };
/** "..." on a line of its own stands for lines that a page leaves out. */
const GAP = /^\.\.\.$/m;

describe.each(PAGES)('%s', (page) => {
  it('has no place that waits for its output', () => {
    expect(readFileSync(page, 'utf8')).not.toMatch(/^<<.*>>$|\bTO BE WRITTEN\b/m);
  });

  const calls = blocksOf(page, 'console').flatMap(callsOf);

  it.runIf(calls.length > 0).each(calls)('$command', async (call) => {
    const [name, ...args] = flopscopeCalls(call.command)[0] ?? [];
    expect(name, 'a console block calls flopscope').toBeDefined();
    const { out, code } = await capture([name!, ...args], WIDTHS[page]);
    expect(code).toBe(0);
    const printed = out.trim();
    if (!GAP.test(call.shown)) {
      if (WRITING) rewrite(page, call, printed);
      else expect(printed).toBe(call.shown);
      return;
    }
    let rest = printed;
    for (const part of call.shown.split(GAP).map((one) => one.trim())) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  });

  /** Commands that are shown without being run: their names and flags exist, and their values are allowed. */
  const scripts = [
    ...blocksOf(page, 'sh', 'bash').map(({ text }) => text),
    ...blocksOf(page, 'text').flatMap(({ text }) =>
      [...text.matchAll(/^\$ (flopscope .*)$/gm)].map(([, line]) => line!),
    ),
  ].flatMap(flopscopeCalls);
  /** Commands in sentences, which may leave out what they need. */
  const mentions = [...readFileSync(page, 'utf8').matchAll(/`(flopscope [^`]*)`/g)].flatMap(([, text]) =>
    flopscopeCalls(text!.replaceAll(/\s+/g, ' ')),
  );
  it.runIf(scripts.length + mentions.length > 0)('names commands and flags that exist', async () => {
    const refused = [...(await refusedOf(scripts)), ...(await refusedOf(mentions, INCOMPLETE))];
    expect(refused.map(({ args, message }) => `${args.join(' ')}: ${message}`)).toEqual([]);
  });
});

const INCOMPLETE = [
  'commander.missingArgument',
  'commander.optionMissingArgument',
  'commander.missingMandatoryOptionValue',
];

async function refusedOf(calls: readonly (readonly string[])[], allowed: readonly string[] = []) {
  const refused: { args: readonly string[]; message: string }[] = [];
  for (const args of calls)
    await parsed(args).catch((error: unknown) => {
      const { code = '', exitCode, message } = error as Error & { code?: string; exitCode?: number };
      if (exitCode !== 0 && !allowed.includes(code)) refused.push({ args, message });
    });
  return refused;
}

/** Reads a command line and does nothing. */
async function parsed(args: readonly string[]): Promise<void> {
  const silent = {
    out: () => undefined,
    err: () => undefined,
    look: { ...plainLook, width: undefined },
    progress: 'none',
  } as const;
  const root = program(silent);
  const commands = [root, ...root.commands, ...root.commands.flatMap(({ commands }) => commands)];
  for (const command of commands)
    command
      .exitOverride()
      .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
      .action(() => undefined);
  const [first = ''] = args;
  const known = first.startsWith('-') || /[./@]|^[A-Z]+$/.test(first) || builtInNames().includes(first);
  if (!known && !root.commands.some((command) => [command.name(), ...command.aliases()].includes(first)))
    throw new Error(`${first} is no command and no model`);
  await root.parseAsync(args, { from: 'user' });
}

describe('README.md', () => {
  const text = readFileSync('README.md', 'utf8');

  it('has at most 180 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(180);
  });

  it('compares the three networks in training', () => {
    const steps = ['resnet50', 'densenet121', 'vovnet39'].map((name) => training(builtIn(name), {}, 2).totals);
    const cells = (show: (value: number) => string, pick: (one: TrainingTotals) => number): readonly string[] =>
      steps.map((one, i) => `${show(pick(one))}${i === 0 ? '' : ` (${times(pick(one) / pick(steps[0]!))})`}`);
    const rows = text.split('\n').map((line) =>
      line
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim()),
    );
    expect(rows).toContainEqual(cells(short, ({ stepMultAdds }) => stepMultAdds));
    expect(rows).toContainEqual(cells(bytes, ({ keptBytes }) => keptBytes));
  });

  it('has outputs of at most 12 lines under 100 characters', () => {
    for (const block of blocksOf('README.md', 'console', 'text'))
      for (const { shown } of callsOf(block)) {
        expect(shown.split('\n').length).toBeLessThanOrEqual(12);
        expect(shown.split('\n').filter(({ length }) => length >= 100)).toEqual([]);
      }
  });

  it("says of DenseNet-121 on an RTX 3090 what timm's table says", () => {
    const rows = readFileSync('fixtures/times/timm-rtx3090-amp.csv', 'utf8').split('\n');
    const timed = (name: string): readonly string[] => rows.find((row) => row.startsWith(`${name},`))!.split(',');
    const [[, fast], [, slow, batch]] = [timed('resnet50'), timed('densenet121')] as [string[], string[]];
    const ratio = (Number(fast) / Number(slow)).toFixed(2);
    expect(text.replaceAll('\n', ' ')).toContain(
      `On an RTX 3090 it takes ${ratio}x the time (timm's tables, batch ${batch!})`,
    );
  });

  it('shows the answer for a model file on the first screen', () => {
    expect(text.split('\n').slice(0, 25).join('\n')).toContain('flopscope model.onnx');
  });
});
