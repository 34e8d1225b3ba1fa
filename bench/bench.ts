// Measures flopscope's own speed against its goals. Each figure is a median.

import { spawnSync } from 'node:child_process';
import { blockModel } from '../src/blockModels.js';
import { builtIn } from '../src/builtIn.js';
import { buildWith, closedForm } from '../src/formula/closedForm.js';
import { compile } from '../src/dim/compile.js';
import { quantile } from '../src/measure/statistics.js';
import { graphOf } from '../src/model.js';
import { profile } from '../src/profile.js';

interface Figure {
  readonly what: string;
  readonly milliseconds: number;
  readonly goal: number;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const repeat = (times: number, work: () => void): number =>
  quantile(
    Array.from({ length: times }, () => timed(work)),
    0.5,
  );

/** A search of a million designs, run once because it is long. */
function millionDesigns(): number {
  const args = ['redesign', 'densenet121', '--candidates', '1000000', '--threads', '2', '--format', 'json'];
  return timed(() => {
    runOnce(args);
  });
}

function runOnce(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, ['dist/cli.js', ...args], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`flopscope ${args.join(' ')} ended with ${String(status)}`);
}

function wholeProcess(...args: readonly string[]): number {
  const call = (): void => {
    runOnce(args);
  };
  call();
  return repeat(11, call);
}

function warmProfile(name: string): number {
  const model = builtIn(name);
  const once = (): void => void profile(graphOf(model));
  repeat(30, once);
  return repeat(51, once);
}

function denseBlock(layers: number): number {
  const model = blockModel('dense')!;
  const once = (): void => void profile(buildWith(model, 1, 8, 8, { layers, growth: 4 }));
  once();
  return repeat(3, once);
}

/** n, h, w, growth and bottleneck vary. The sum keeps the compiler from removing the loop. */
function millionPoints(): number {
  const { counts } = closedForm(builtIn('densenet121'), { growth: 'g', bottleneckWidth: 'b' });
  const at = compile(counts.memoryAccess.unfused, ['n', 'h', 'w', 'g', 'b']);
  let sum = 0;
  const once = (): void => {
    for (let i = 0; i < 1_000_000; i++)
      sum += at(1 + (i % 8), 32 * (1 + (i % 11)), 32 * (1 + (i % 7)), 1 + (i % 64), 1 + (i % 4));
  };
  once();
  const milliseconds = repeat(3, once);
  if (!(sum > 0)) throw new Error('the closed form gave nothing');
  return milliseconds;
}

const [small, large] = [denseBlock(500), denseBlock(1000)];
const figures: readonly Figure[] = [
  { what: 'flopscope --version, whole process', milliseconds: wholeProcess('--version'), goal: 100 },
  {
    what: 'flopscope profile densenet121, whole process',
    milliseconds: wholeProcess('profile', 'densenet121'),
    goal: 250,
  },
  { what: 'build and profile densenet201, warm', milliseconds: warmProfile('densenet201'), goal: 3 },
  { what: 'closed form at 1,000,000 points', milliseconds: millionPoints(), goal: 1000 },
  { what: 'redesign densenet121, 1,000,000 designs', milliseconds: millionDesigns(), goal: 10_000 },
];

for (const { what, milliseconds, goal } of figures)
  console.log(
    `${what.padEnd(48)} ${milliseconds.toFixed(1).padStart(8)} ms   goal ${goal} ms   ${milliseconds <= goal ? 'met' : 'MISSED'}`,
  );
const [edges, time] = [(1000 * 1001) / (500 * 501), large / small];
console.log(
  `dense block of 1,000 layers: ${large.toFixed(0)} ms, ${time.toFixed(2)}x a block of 500 with ${edges.toFixed(2)}x the edges`,
);
