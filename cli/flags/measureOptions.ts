// The flags of a measurement, shared by every command that measures.

import { InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES } from '../../src/engines/engine.js';
import { OPTIMISATIONS, PROVIDERS } from '../../src/engines/onnxruntime/providers.js';
import { inputOption, wholeNumber } from './options.js';

/** How often a command starts the engine anew, and how long its windows are. */
export interface SessionDefaults {
  /** Null for a command that always measures in one session. */
  readonly sessions: number | null;
  readonly minWindow: number;
}

/** Defaults of a command that measures in one session. */
export const ONE_SESSION: SessionDefaults = { sessions: null, minWindow: 1 };
/** Defaults of `measure`, whose sessions may be on different days: -o adds one to a record. */
export const MEASURED: SessionDefaults = { sessions: 1, minWindow: 1 };
/** Defaults of comparisons, which need many sessions rather than long windows. */
export const COMPARED: SessionDefaults = { sessions: 5, minWindow: 0.5 };
/** Defaults of experiments, which have dozens of variants. */
export const EXPERIMENT: SessionDefaults = { sessions: 3, minWindow: 0.3 };

export function measureOptions({ sessions, minWindow }: SessionDefaults = ONE_SESSION): readonly Option[] {
  return [
    new Option('--engine <engine>', 'what runs the networks; auto takes the best that works here')
      .choices(['auto', ...ENGINE_NAMES])
      .default('auto'),
    inputOption(),
    new Option('--batch <n,...>', 'images per inference; several are measured one after the other')
      .default([undefined], '1, or what the file was exported for')
      .argParser((text) => text.split(',').map(wholeNumber)),
    new Option('--layers', 'time every layer too, in a pass of its own').default(false),
    new Option('--eager', 'run every op as it is written: nothing is folded or fused').default(false),
    new Option('--warmups <n>', 'inferences before the first timed one').default(3).argParser(wholeNumber),
    new Option('--windows <n>', 'timed windows of each session').default(5).argParser(wholeNumber),
    new Option('--min-window <seconds>', 'least length of a window').default(minWindow).argParser(seconds),
    ...(sessions === null ? [] : sessionOptions(sessions)),
    new Option('--seed <n>', 'seed of the weights and of the input').default(1).argParser(wholeNumber),
    new Option(
      '--no-ceilings',
      'leave out the large matrix products, convolutions and copies, and with them the utilisation',
    ),
    new Option('--provider <provider>', 'execution provider of onnxruntime, in place of the best that works').choices(
      PROVIDERS,
    ),
    new Option('--threads <n>', 'threads of onnxruntime on a CPU, in place of one for each physical core').argParser(
      threads,
    ),
    new Option(
      '--optimisation <level>',
      'how far onnxruntime optimises the graph, in place of the highest level',
    ).choices(OPTIMISATIONS),
    new Option('--allow-software', 'accept a software driver as the GPU; every output says so').default(false),
    new Option(
      '--dawn-toggle <toggle...>',
      'settings of Dawn, the WebGPU library; the run records them, as in enable-dawn-features=disable_robustness',
    ),
  ];
}

const sessionOptions = (sessions: number): readonly Option[] => [
  new Option('--sessions <n>', 'how often the engine is started anew; networks take turns within a session')
    .default(sessions)
    .conflicts(['budgetTime', 'precision'])
    .argParser(wholeNumber),
  new Option(
    '--budget-time <time>',
    'as many sessions as fit into this time, with start, ceilings and set-up: 90s, 5m',
  ).argParser(duration),
  new Option(
    '--precision <percent>',
    'as many sessions as it takes to know ratios to +- this percentage: 2%',
  ).argParser(percentage),
];

/** The flag of every command that counts and can measure, too. */
export const measureOption = (): Option =>
  new Option('--measure', 'run the networks here, too; without it they are only counted').default(false);

/** Flags of a run, which have no effect on a command that only counts. */
export const RUN_FLAGS: readonly string[] = measureOptions(COMPARED)
  .map(({ long }) => long!)
  .filter((flag) => !['--input', '--batch'].includes(flag));

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.01 && value <= 600))
    throw new InvalidArgumentError('It must be a number of seconds from 0.01 to 600.');
  return value;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** @returns seconds */
function duration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text.trim()) ?? [];
  const value = Number(digits) * (UNITS[unit] ?? 0);
  if (!(value >= 1 && value <= 86_400))
    throw new InvalidArgumentError('It must be a time from 1s to 24h, such as 90s or 5m.');
  return value;
}

/** @returns a part of 1 */
function percentage(text: string): number {
  const [, digits = ''] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  const value = Number(digits) / 100;
  if (!(value >= 0.001 && value <= 1))
    throw new InvalidArgumentError('It must be a percentage from 0.1% to 100%, such as 2%.');
  return value;
}

/** The most threads: onnxruntime would try to start any number and never finish. */
const MOST_THREADS = 1024;

function threads(text: string): number {
  const count = wholeNumber(text);
  if (count > MOST_THREADS) throw new InvalidArgumentError(`It must be at most ${MOST_THREADS}.`);
  return count;
}
