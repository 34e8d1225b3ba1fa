// Measures what the engines are held to: their overhead, their speed against each other, set-up and memory.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { InferenceSession } from 'onnxruntime-node';
import { builtIn } from '../src/builtIn.js';
import type { Engine, EngineName, Executable } from '../src/engines/engine.js';
import { originOf, type Runtime } from '../src/engines/onnxruntime/session.js';
import { openEngine } from '../src/engines/open.js';
import { installedFile } from '../src/engines/optionalPackage.js';
import { quantile } from '../src/measure/statistics.js';
import { timeWindows } from '../src/measure/windows.js';
import { graphOf } from '../src/model.js';

const PROTOCOL = { warmups: 3, windows: 5, minWindowSeconds: 0.5 };
const PAIRS = 9;
const GROWTH_RUNS = 1000;
const resnet50 = graphOf(builtIn('resnet50'));
const small = graphOf(builtIn('resnet50'), 1, [3, 64, 64]);

/** Runs so often without flopscope around it, and waits for the last one. */
type BareLoop = (runs: number) => Promise<void>;

async function opened(name: EngineName): Promise<Engine | undefined> {
  const found = await openEngine(name);
  if (found.available) return found.engine;
  console.log(`${name}: ${found.problem}`);
  return undefined;
}

/** A busy machine changes speed, so the two loops alternate and are compared in pairs. */
async function overhead(engine: Engine, executable: Executable, bare: BareLoop): Promise<number> {
  const ratios: number[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const measured = await timeWindows(engine, executable, { ...PROTOCOL, windows: 1 });
    await bare(PROTOCOL.warmups);
    const start = performance.now();
    await bare(measured.runsPerWindow);
    ratios.push(measured.windows[0]! / ((performance.now() - start) / measured.runsPerWindow));
  }
  return quantile(ratios, 0.5);
}

const enqueued =
  (engine: Engine, executable: Executable): BareLoop =>
  async (runs) => {
    for (let run = 0; run < runs; run++) executable.run();
    await engine.done();
  };

/** onnxruntime-node itself, in this process, on the same file with the same settings. */
async function bareRuntime(engine: Engine): Promise<BareLoop> {
  const runtime = createRequire(installedFile('onnxruntime')!)('onnxruntime-node') as Runtime;
  const origin = originOf({ graph: resnet50, seed: 0, file: undefined });
  const session: InferenceSession = await origin.create(runtime, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: engine.settings['threads'] as number,
    interOpNumThreads: 1,
  });
  const feeds = origin.feeds(runtime, session);
  return async (runs) => {
    for (let run = 0; run < runs; run++) await session.run(feeds);
  };
}

async function milliseconds(engine: Engine, graph: typeof resnet50): Promise<number> {
  const executable = await engine.load(graph);
  const { windows } = await timeWindows(engine, executable, PROTOCOL);
  executable.dispose();
  await engine.done();
  return quantile(windows, 0.5);
}

const held = (engine: Engine): number => engine.memory().inUse ?? engine.memory().allocated ?? 0;

/** Bytes by which the engine's memory grows over 1,000 inferences that follow 100. */
async function growth(engine: Engine, executable: Executable): Promise<number> {
  const loop = enqueued(engine, executable);
  await loop(100);
  const before = held(engine);
  for (let done = 0; done < GROWTH_RUNS; done += 100) await loop(100);
  return held(engine) - before;
}

/** Milliseconds of ResNet-50 in eager PyTorch on the CPU, or why there is no such time. */
function pytorchEager(): number | string {
  const { stdout, stderr, error } = spawnSync(process.env['PYTHON'] ?? 'python3', ['scripts/portable/pytorch.py'], {
    env: { ...process.env, CUDA_VISIBLE_DEVICES: '' },
    encoding: 'utf8',
  });
  const rows = stdout.split('\n').filter((line) => line.startsWith('{'));
  const found = rows
    .map((line) => JSON.parse(line) as { network: string; milliseconds: number })
    .find(({ network }) => network === 'resnet50');
  return found?.milliseconds ?? error?.message ?? stderr.trim().split('\n').at(-1) ?? 'PyTorch is not timed';
}

const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
/** Of a process that holds 100 MiB and more, so much is noise of its allocator. */
const MOST_GROWTH = 4 * 2 ** 20;

const times = new Map<EngineName, number>();
for (const name of ['onnxruntime', 'wasm', 'tensorflow'] as const) {
  const engine = await opened(name);
  if (!engine) continue;
  const [graph, size] = name === 'onnxruntime' ? [resnet50, '224'] : [small, '64'];
  const executable = await engine.load(graph);
  const bare = name === 'onnxruntime' ? await bareRuntime(engine) : enqueued(engine, executable);
  const ratio = await overhead(engine, executable, bare);
  console.log(
    `${name.padEnd(11)} resnet50 at ${size} px: protocol over a bare loop ${ratio.toFixed(3)}x   goal 1.02x   ${verdict(ratio <= 1.02)}`,
  );
  executable.dispose();
  const tiny = await engine.load(small);
  const grown = await growth(engine, tiny);
  console.log(
    `${name.padEnd(11)} memory grows by ${mebibytes(grown)} over ${GROWTH_RUNS} inferences   goal ${mebibytes(MOST_GROWTH)}   ${verdict(grown <= MOST_GROWTH)}`,
  );
  tiny.dispose();
  if (name === 'onnxruntime') {
    const start = performance.now();
    (await engine.load(graphOf(builtIn('densenet201')))).dispose();
    const setUp = performance.now() - start;
    console.log(
      `${name.padEnd(11)} set-up of densenet201 ${setUp.toFixed(0)} ms   goal 2000 ms   ${verdict(setUp < 2000)}`,
    );
  }
  await engine.done();
  times.set(name, await milliseconds(engine, resnet50));
  await engine.close();
}

for (const [name, ms] of times) console.log(`${name.padEnd(11)} resnet50 at 224 px ${ms.toFixed(1).padStart(7)} ms`);
const [onnxruntime, wasm, tensorflow] = (['onnxruntime', 'wasm', 'tensorflow'] as const).map((name) => times.get(name));
if (onnxruntime !== undefined && wasm !== undefined)
  console.log(
    `onnxruntime takes ${(onnxruntime / wasm).toFixed(3)}x the time of wasm   goal 0.2x   ${verdict(onnxruntime <= 0.2 * wasm)}`,
  );
const pytorch = pytorchEager();
if (onnxruntime !== undefined && typeof pytorch === 'number')
  console.log(
    `onnxruntime takes ${(onnxruntime / pytorch).toFixed(3)}x the time of eager PyTorch (${pytorch.toFixed(1)} ms)   goal 1x   ${verdict(onnxruntime <= pytorch)}`,
  );
else console.log(typeof pytorch === 'number' ? 'onnxruntime was not timed' : pytorch);
if (wasm !== undefined && tensorflow !== undefined)
  console.log(`tensorflow is ${(wasm / tensorflow).toFixed(1)}x as fast as wasm   goal about 4x`);
