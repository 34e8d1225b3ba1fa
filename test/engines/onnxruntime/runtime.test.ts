// What ONNX Runtime made of six networks, and what becomes of a run whose process is killed.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { DeviceFailure, type Engine } from '../../../src/engines/engine.js';
import { openEngine } from '../../../src/engines/open.js';
import { graphOf } from '../../../src/model.js';
import { opOf } from '../../../src/ops/table.js';
import { withEngine } from '../withEngine.js';

const NETWORKS = ['resnet50', 'densenet121', 'vovnet39', 'mobilenet_v2', 'seresnet50', 'shufflenet_v2_x1_0'];

await withEngine(
  'onnxruntime',
  (engine) => {
    it.each(NETWORKS)('every node of %s that computes is in exactly one kernel', async (name) => {
      const graph = graphOf(builtIn(name), 1, [3, 64, 64]);
      const executable = await engine.load(graph);
      const { steps } = (await executable.asRun())!;
      executable.dispose();
      await engine.done();
      const nodes = steps.flatMap((step) => step.nodes);
      const ops = new Map(graph.nodes.map((node) => [node.name, node.op]));
      // A shuffle is written as three nodes, each a kernel of its own.
      const single = nodes.filter((node) => ops.get(node) !== 'channelShuffle');
      expect(single.length).toBe(new Set(single).size);
      const covered = new Set(nodes);
      // Neither a view nor a concat of one input is a node of the file that the runtime was given.
      const missing = graph.nodes.filter((node) => !covered.has(node.name));
      expect(
        missing.filter(({ op, inputs }) => opOf(op).traffic !== 'view' && !(op === 'concat' && inputs.length === 1)),
      ).toEqual([]);
      // Every convolution is done by a kernel that does one, with the norm and activation behind it.
      expect(steps.length).toBeLessThan(graph.nodes.length);
      for (const step of steps.filter(({ nodes: [node] }) => node === undefined))
        expect(step.op).toMatch(/Reorder|Transpose|Split/);
    });
  },
  { provider: 'cpu' },
);

/** Of the processes that this one started, those that run ONNX Runtime. */
const runtimes = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        return (
          parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('onnxruntime.js')
        );
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);

it.skipIf(process.platform !== 'linux')('a process that is killed in a run gives no time, and says so', async () => {
  const before = runtimes();
  const opened = await openEngine('onnxruntime', { provider: 'cpu' });
  if (!opened.available) return;
  const engine: Engine = opened.engine;
  const executable = await engine.load(graphOf(builtIn('resnet18')));
  for (let i = 0; i < 200; i++) executable.run();
  const done = engine.done();
  const [own] = runtimes().filter((pid) => !before.includes(pid));
  process.kill(own!, 'SIGKILL');
  await expect(done).rejects.toThrow(DeviceFailure);
  await expect(engine.done()).rejects.toThrow(/its process ended \(SIGKILL\)/);
  await engine.close();
});
