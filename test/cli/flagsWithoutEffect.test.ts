// Is a flag that would do nothing ever passed over in silence? Whoever writes it believes that it took effect.

import { describe, expect, it } from 'vitest';
import { RUN_FLAGS } from '../../cli/flags/measureOptions.js';
import { capture } from './capture.js';

const RUNS = ['--runs', 'fixtures/runs/amd-epyc-wasm.json'];
/** Every flag of a measurement, with a value that it takes. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--engine': ['wasm'],
  '--layers': [],
  '--eager': [],
  '--warmups': ['4'],
  '--windows': ['7'],
  '--min-window': ['2'],
  '--sessions': ['2'],
  '--budget-time': ['60s'],
  '--precision': ['2%'],
  '--seed': ['3'],
  '--no-ceilings': [],
  '--provider': ['cpu'],
  '--threads': ['1'],
  '--optimisation': ['basic'],
  '--allow-software': [],
  '--dawn-toggle': ['enable-dawn-features=x'],
};
const NO_LAYERS = ['guidelines', 'study'];
/** A sweep measures each point in one session. */
const SESSIONS = ['--sessions', '--budget-time', '--precision'];
const counting: readonly (readonly string[])[] = [
  ['compare', 'resnet20'],
  ['compare', ...RUNS],
  ['report', 'resnet20', '-o', 'out.html'],
  ['report', ...RUNS, '-o', 'out.html'],
  ['guidelines'],
  ['study', 'vovnet-tables'],
  ['study', 'osa'],
  ['sweep', 'fixtures/sweeps/densenet.yaml'],
  ['sweep', 'fixtures/sweeps/densenet.yaml', '--merge', 'rows.jsonl'],
];

it('knows a value for every flag of a measurement', () => {
  expect(Object.keys(VALUES)).toEqual(RUN_FLAGS);
});

describe.each(counting)('flopscope %s %s %s', (...command) => {
  const has = (flag: string): boolean =>
    command[0] === 'sweep'
      ? !SESSIONS.includes(flag) && flag !== '--layers'
      : flag !== '--layers' || !NO_LAYERS.includes(command[0]!);
  it.each(RUN_FLAGS.filter(has))('refuses %s: exit code 2, one sentence, nothing on stdout', async (flag) => {
    const { out, err, code } = await capture([...command.filter(Boolean), flag, ...VALUES[flag]!]);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toMatch(new RegExp(`^error: ${flag} has no effect [^\\n]+\\n$`));
  });
});

it.each<[string, string[]]>([
  ['--batch', ['compare', ...RUNS, '--batch', '2']],
  ['--input', ['compare', ...RUNS, '--input', '3x64x64']],
  ['--allow-unknown', ['compare', ...RUNS, '--allow-unknown']],
  ['--allow-unknown', ['compare', 'resnet20', '--measure', '--allow-unknown']],
  ['--layers', ['compare', 'resnet20', '--measure', '--layers']],
  ['--batch', ['report', ...RUNS, '--batch', '2', '-o', 'out.html']],
  ['--input', ['report', ...RUNS, '--input', '3x64x64', '-o', 'out.html']],
  ['--layers', ['measure', 'resnet20', '--layers', '--format', 'csv']],
  ['--dawn-toggle', ['measure', 'resnet20', '--engine', 'wasm', '--dawn-toggle', 'enable-dawn-features=x']],
  ['--allow-software', ['measure', 'resnet20', '--engine', 'cpu', '--allow-software']],
  ['--windows', ['explain', ...RUNS, '--windows', '9']],
  ['--batch', ['explain', ...RUNS, '--batch', '2']],
  ['--skip-unknown', ['explain', ...RUNS, '--skip-unknown']],
  ['--seed', ['explain', '--times', 'fixtures/times/timm-rtx3090-amp.csv', '--seed', '2']],
  ['--squeeze', ['guidelines', '--no-measure', '--only', 'G1,split', '--squeeze', '2']],
  ['--side', ['guidelines', '--no-measure', '--only', 'bottleneck', '--side', '28']],
  ['--strides', ['study', 'osa', '--no-measure', '--only', 'networks', '--strides', '8']],
  ['--shard', ['sweep', 'fixtures/sweeps/densenet.yaml', '--merge', 'rows.jsonl', '--shard', '1/2']],
])('%s is refused in flopscope %j', async (flag, args) => {
  const { out, err, code } = await capture(args);
  expect([out, code]).toEqual(['', 2]);
  expect(err).toMatch(new RegExp(`^error: ${flag} has no effect [^\\n]+\\n$`));
});

it.each([
  ['compare', 'resnet20', '--input', '3x64x64', '--batch', '2'],
  ['guidelines', '--no-measure', '--only', 'G4', '--squeeze', '2', '--scales', '1'],
  ['study', 'osa', '--no-measure', '--only', 'stages', '--strides', '8'],
])('flags that count are taken: %s %s %s %s', async (...args) => {
  expect((await capture(args)).code).toBe(0);
});
