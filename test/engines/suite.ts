// The suite that every engine passes: the numbers of the definitions, no leak, no hidden error.

import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineName, OpenOptions, Output } from '../../src/engines/engine.js';
import { firstGap } from '../../src/engines/gaps.js';
import { openEngine } from '../../src/engines/open.js';
import type { Graph } from '../../src/graph.js';
import { profile } from '../../src/profile.js';
import { graphOfMember, MEMBERS, type Member } from './members.js';
import { writeOnnx } from '../../src/exporters/onnx/writeOnnx.js';
import { InputError } from '../../src/inputError.js';
import { OP_CASES } from './opCases.js';
import { interpret } from './reference.js';
import { nameIn, sideBySide } from './sideBySide.js';
import { withEngine } from './withEngine.js';

const SEED = 7;
/** A software driver compiles each kernel for a second or two when it first meets it. Milliseconds. */
const COMPILING = 120_000;

/**
 * Runs the suite on an engine, or shows why it cannot.
 * @param members the networks; all families where it is left out
 */
export const engineSuite = (
  name: EngineName,
  options?: Pick<OpenOptions, 'provider'>,
  members: readonly Member[] = MEMBERS,
): Promise<void> =>
  withEngine(
    name,
    (engine) => {
      describesItself(engine);
      runsEveryOp(engine);
      runsEveryFamily(engine, members);
      timesLayers(engine);
      leaksNothing(engine);
      hasCeilings(engine);
    },
    options,
  );

function describesItself(engine: Engine): void {
  it('says what it is and what it runs on', () => {
    expect(engine.device.name).not.toBe('');
    expect(Object.keys(engine.versions).length).toBeGreaterThan(0);
    expect(engine.failures()).toEqual([]);
  });
}

/** A session of ONNX Runtime costs more than what most ops take in it: so many graphs share one. */
const IN_A_SESSION = 30;

function runsEveryOp(engine: Engine): void {
  const run = engine.name === 'onnxruntime' ? sharing(engine) : alone(engine);
  describe('computes what the definition says, as written and fused', () => {
    it.for(OP_CASES)('$title', { timeout: COMPILING }, async ({ graph }, { skip }) => {
      const why = whyNot(engine, graph);
      if (why !== undefined) skip(why);
      for (const eager of [true, false]) {
        for (const { name, shape, values, expected } of await run(graph, eager)) {
          expect(shape).toEqual(graph.nodes.find((node) => node.name === name)!.shape);
          expect(distance(values, expected), eager ? 'as written' : 'fused').toBeLessThan(toleranceOf(graph));
        }
      }
    });
  });
}

type Compared = Output & { readonly expected: ArrayLike<number> };
type RunCase = (graph: Graph, eager: boolean) => Promise<readonly Compared[]>;

async function compared(engine: Engine, graph: Graph, eager: boolean): Promise<readonly Compared[]> {
  const expected = interpret(graph, SEED);
  const outputs = await outputsOf(engine, graph, eager);
  return outputs.map((output) => ({ ...output, expected: expected.get(output.name)!.values }));
}

const alone =
  (engine: Engine): RunCase =>
  (graph, eager) =>
    compared(engine, graph, eager);

/** Runs a case with those around it, and remembers what came of them. */
function sharing(engine: Engine): RunCase {
  const graphs = OP_CASES.map(({ graph }) => graph).filter((graph) => whyNot(engine, graph) === undefined);
  const done = new Map<string, Promise<ReadonlyMap<string, Compared>>>();
  const session = async (first: number, eager: boolean): Promise<ReadonlyMap<string, Compared>> => {
    const all = await compared(engine, sideBySide(graphs.slice(first, first + IN_A_SESSION)), eager);
    return new Map(all.map((output) => [output.name, output]));
  };
  return async (graph, eager) => {
    const at = graphs.indexOf(graph);
    const first = at - (at % IN_A_SESSION);
    const key = `${first} ${eager}`;
    if (!done.has(key)) done.set(key, session(first, eager));
    const outputs = await done.get(key)!;
    return graph.outputs.map((name) => ({ ...outputs.get(nameIn(at - first, name))!, name }));
  };
}

/** Why an engine cannot run a graph of one op. */
function whyNot(engine: Engine, graph: Graph): string | undefined {
  const onGpu = engine.settings['provider'] === 'webgpu';
  if (engine.name === 'onnxruntime')
    return unwritten(graph) ?? (onGpu ? firstGap(graph, 'onnxruntime-webgpu') : undefined);
  return engine.name === 'webgpu' ? firstGap(graph, 'tfjs-webgpu') : undefined;
}

/**
 * WGSL lets an arc sine be off by 4096 units in the last place (section 14.6.2, as atan2), and
 * drivers use it.
 */
const toleranceOf = (graph: Graph): number => (graph.nodes.some(({ op }) => op === 'arcSine') ? 1e-3 : 1e-4);

/** Why ONNX cannot say a graph, so that no runtime of ONNX can run it. */
function unwritten(graph: Graph): string | undefined {
  try {
    writeOnnx(graph, { seed: SEED, weights: 'none', producer: ['test', '1'] });
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function runsEveryFamily(engine: Engine, members: readonly Member[]): void {
  describe('runs a small member of every family', () => {
    let cpu: Engine;
    beforeAll(async () => {
      const opened = await openEngine('cpu');
      if (opened.available) cpu = opened.engine;
    });
    it.each(members)(
      '$variant at $side',
      async (member) => {
        const graph = graphOfMember(member);
        const executable = await engine.load(graph, { seed: SEED });
        expect(executable.params).toBe(profile(graph).totals.params);
        const [folded] = await executable.outputs();
        executable.dispose();
        const [reference] = await outputsOf(cpu, graph, false);
        const [eager] = await outputsOf(engine, graph, true);
        expect(folded!.shape).toEqual(graph.nodes.at(-1)!.shape);
        expect(folded!.values.every(Number.isFinite)).toBe(true);
        expect(distance(folded!.values, reference!.values), 'against cpu').toBeLessThan(1e-4);
        expect(distance(eager!.values, reference!.values), 'as written').toBeLessThan(1e-4);
        await engine.done();
      },
      COMPILING,
    );
  });
}

const SMALL = { family: 'shufflenet_v2', variant: 'shufflenet_v2_x0_5', side: 32 };

function timesLayers(engine: Engine): void {
  it(
    'times every step of the plan, and each node is in one',
    async () => {
      const graph = graphOfMember(SMALL);
      const executable = await engine.load(graph);
      await executable.outputs();
      const times = await executable.layerTimes();
      executable.dispose();
      if (times.clock === null) expect.fail(times.reason);
      expect(times.layers.flatMap(({ nodes }) => nodes).sort()).toEqual(graph.nodes.map(({ name }) => name).sort());
      expect(times.layers.every(({ ms }) => ms >= 0)).toBe(true);
      expect(times.layers.find(({ op }) => op === 'conv')!.ms).toBeGreaterThan(0);
      if (times.clock !== 'device') return;
      const kernels = times.layers.flatMap((layer) => layer.kernels);
      expect(kernels.every(({ ms }) => ms >= 0)).toBe(true);
      // Dawn's default rounding: with it, every time is a multiple of 65.536 us.
      const units = kernels.map(({ ms }) => ms / 0.065536);
      expect(units.some((unit) => Math.abs(unit - Math.round(unit)) > 1e-3)).toBe(true);
    },
    COMPILING,
  );
}

/** An engine that counts its tensors; how much memory another one takes is tested where it is told. */
function leaksNothing(engine: Engine): void {
  if (engine.memory().tensors === null) return;
  it.each([false, true])(
    'keeps nothing from run to run, eager: %s',
    async (eager) => {
      const before = engine.memory();
      const executable = await engine.load(graphOfMember(SMALL), { eager });
      const settle = async (): Promise<ReturnType<Engine['memory']>> => {
        for (let i = 0; i < 3; i++) executable.run();
        await engine.done();
        return engine.memory();
      };
      await settle();
      const first = await settle();
      const second = await settle();
      await executable.layerTimes();
      await executable.outputs();
      const third = await settle();
      expect(second).toEqual(first);
      const tensors = { allocated: 0, peakAllocated: 0 };
      expect({ ...third, ...tensors }).toEqual({ ...first, ...tensors });
      executable.dispose();
      executable.dispose();
      const after = engine.memory();
      expect([after.tensors, after.inUse]).toEqual([before.tensors, before.inUse]);
      expect(after.peak).toBeGreaterThan(after.inUse!);
      engine.resetPeak();
      expect(engine.memory().peak).toBe(after.inUse);
    },
    COMPILING,
  );

  it('frees everything when loading fails', async () => {
    const before = engine.memory();
    const graph = graphOfMember(SMALL);
    const nodes = graph.nodes.map((node, i) =>
      i === graph.nodes.length - 1 ? { ...node, attributes: { features: NaN, bias: true } } : node,
    );
    await expect(engine.load({ ...graph, nodes })).rejects.toThrow();
    expect(engine.memory().tensors).toBe(before.tensors);
  });
}

function hasCeilings(engine: Engine): void {
  it('multiplies and copies as ceilings, and gives the memory back', async () => {
    const before = engine.memory();
    for (const ceiling of [engine.matmul(64), engine.copy(10_000)]) {
      // A run may be several products, or several passes and what leads to them.
      expect(ceiling.amount % (ceiling.unit === 'flop' ? 2 * 64 ** 3 : 4 * 10_000)).toBe(0);
      ceiling.run();
      ceiling.run();
      await engine.done();
      ceiling.dispose();
    }
    expect(engine.memory().inUse).toBe(before.inUse);
  });
}

async function outputsOf(engine: Engine, graph: Graph, eager: boolean): Promise<readonly Output[]> {
  const executable = await engine.load(graph, { seed: SEED, eager });
  const outputs = await executable.outputs();
  executable.dispose();
  return outputs;
}

/** The largest difference, relative to the largest value. */
function distance(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(values.length).toBe(expected.length);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(values[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  expect(largest).toBeGreaterThan(0);
  // A NaN would pass every comparison above.
  return Array.from(values).every(Number.isFinite) ? difference / largest : Infinity;
}
