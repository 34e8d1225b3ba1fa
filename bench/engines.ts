// Measures the overhead of measuring, and compares CPU engines on ResNet-50 at 64 pixels.

import type { Engine, EngineName } from '../src/engines/engine.js';
import { openEngine } from '../src/engines/open.js';
import { builtIn } from '../src/builtIn.js';
import { quantile } from '../src/measure/statistics.js';
import { timeWindows } from '../src/measure/windows.js';
import { graphOf } from '../src/model.js';

const PROTOCOL = { warmups: 3, windows: 3, minWindowSeconds: 0.5 };
const PAIRS = 9;
const graph = graphOf(builtIn('resnet50'), 1, [3, 64, 64]);

async function figures(
  engine: Engine,
): Promise<{ readonly overhead: number; readonly ms: number; readonly growth: number }> {
  const executable = await engine.load(graph);
  const before = await timeWindows(engine, executable, PROTOCOL);
  const { inUse } = engine.memory();
  const ratios: number[] = [];
  // A busy machine changes speed, so the two loops alternate and are compared in pairs.
  for (let i = 0; i < PAIRS; i++) {
    const measured = await timeWindows(engine, executable, { ...PROTOCOL, windows: 1 });
    const start = performance.now();
    for (let run = 0; run < measured.runsPerWindow; run++) executable.run();
    await engine.done();
    ratios.push(measured.windows[0]! / ((performance.now() - start) / measured.runsPerWindow));
  }
  const growth = engine.memory().inUse! - inUse!;
  executable.dispose();
  return { overhead: quantile(ratios, 0.5) - 1, ms: quantile(before.windows, 0.5), growth };
}

const times = new Map<EngineName, number>();
for (const name of ['wasm', 'tensorflow'] as const) {
  const opened = await openEngine(name);
  if (!opened.available) {
    console.log(`${name}: ${opened.problem}`);
    continue;
  }
  const { overhead, ms, growth } = await figures(opened.engine);
  times.set(name, ms);
  const percent = 100 * overhead;
  console.log(
    `${name.padEnd(11)} ${ms.toFixed(1).padStart(7)} ms   protocol over a bare loop ${percent.toFixed(1)} %   goal 2 %   ${percent <= 2 ? 'met' : 'MISSED'}   memory growth ${growth} bytes`,
  );
  await opened.engine.close();
}
const [wasm, tensorflow] = [times.get('wasm'), times.get('tensorflow')];
if (wasm !== undefined && tensorflow !== undefined)
  console.log(`tensorflow is ${(wasm / tensorflow).toFixed(1)}x as fast as wasm; goal about 4x`);
