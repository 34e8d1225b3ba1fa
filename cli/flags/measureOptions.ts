// The flags of a measurement, shared by every command that measures.

import { InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES } from '../../src/engines/engine.js';
import { OPTIMISATIONS, PROVIDERS } from '../../src/engines/onnxruntime/providers.js';
import { inputOption, wholeNumber } from './options.js';

/** How often a command starts the engine anew, and how long its windows are. */
export interface SessionDefaults {
  /** Null where a command measures in one session always. */
  readonly sessions: number | null;
  readonly minWindow: number;
}

/** Of a command that measures in one session. */
export const ONE_SESSION: SessionDefaults = { sessions: null, minWindow: 1 };
/** Of `measure`, whose sessions may be on different days: -o adds one to a record. */
export const MEASURED: SessionDefaults = { sessions: 1, minWindow: 1 };
/** A comparison needs many sessions more than it needs long windows. */
export const COMPARED: SessionDefaults = { sessions: 5, minWindow: 0.5 };
/** Experiments have dozens of variants. */
export const EXPERIMENT: SessionDefaults = { sessions: 3, minWindow: 0.3 };

export function measureOptions({ sessions, minWindow }: SessionDefaults = ONE_SESSION): readonly Option[] {
  return [
    new Option('--engine <engine>', 'what runs the graph').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    inputOption(),
    new Option('--batch <n,...>', 'images per inference, or several to measure one after the other')
      .default([undefined], '1, or what the file was exported for')
      .argParser((text) => text.split(',').map(wholeNumber)),
    new Option('--layers', 'time every layer in a pass of its own').default(false),
    new Option('--eager', 'run every op as written: nothing is folded or fused').default(false),
    new Option('--warmups <n>', 'inferences before anything counts').default(3).argParser(wholeNumber),
    new Option('--windows <n>', `timed windows${sessions === null ? '' : ' of each session'}`)
      .default(5)
      .argParser(wholeNumber),
    new Option('--min-window <seconds>', 'least length of a window').default(minWindow).argParser(seconds),
    ...(sessions === null ? [] : sessionOptions(sessions)),
    new Option('--seed <n>', 'of weights and input').default(1).argParser(wholeNumber),
    new Option('--no-ceilings', 'skip the large matrix product and copy: no utilisation'),
    new Option(
      '--provider <provider>',
      'what runs the kernels of onnxruntime: the best that works, or this one',
    ).choices(PROVIDERS),
    new Option('--threads <n>', 'of onnxruntime on a CPU: one for each physical core, or so many').argParser(threads),
    new Option('--optimisation <level>', 'how far onnxruntime optimises a graph: all the way, or so far').choices(
      OPTIMISATIONS,
    ),
    new Option('--allow-software', 'let a software driver play the GPU; every output says so').default(false),
    new Option(
      '--dawn-toggle <toggle...>',
      'settings for Dawn, recorded in the run, e.g. enable-dawn-features=disable_robustness',
    ),
  ];
}

const sessionOptions = (sessions: number): readonly Option[] => [
  new Option('--sessions <n>', 'how often the engine is started anew; networks alternate within a session')
    .default(sessions)
    .conflicts(['budgetTime', 'precision'])
    .argParser(wholeNumber),
  new Option('--budget-time <time>', 'as many sessions as fit into it: 90s, 5m').argParser(duration),
  new Option(
    '--precision <percent>',
    'as many sessions as it takes until ratios are known to +- so much: 2%',
  ).argParser(percentage),
];

/** Flags that say how to run, and nothing to a command that only counts. */
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

/** No CPU has more; onnxruntime starts as many as it is told to, and never ends doing so. */
const MOST_THREADS = 1024;

function threads(text: string): number {
  const count = wholeNumber(text);
  if (count > MOST_THREADS) throw new InvalidArgumentError(`It must be at most ${MOST_THREADS}.`);
  return count;
}
