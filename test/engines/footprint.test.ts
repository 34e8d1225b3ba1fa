// Is it known before anything runs what an inference takes, and what has no room? And is a full heap an error, never a wrong number?

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { DeviceFailure, type Engine } from '../../src/engines/engine.js';
import { demandFits } from '../../src/engines/fits.js';
import { footprintOf } from '../../src/engines/footprint.js';
import { heapOf, type Heap } from '../../src/engines/heap.js';
import { openEngine } from '../../src/engines/open.js';
import { plan } from '../../src/engines/plan.js';
import type { Graph } from '../../src/graph.js';
import { graphOf } from '../../src/model.js';
import { graphOfMember, MEMBERS } from './members.js';

const TRAITS = { padsMaxPool: true, cheapLaunches: true };
const stepsOf = (graph: Graph, eager = false) => plan(graph, eager, TRAITS);
const total = ({ weights, activations }: ReturnType<typeof footprintOf>): number => weights + activations;

let wasm: Engine;
beforeAll(async () => {
  const opened = await openEngine('wasm');
  if (!opened.available) throw new Error(opened.problem);
  wasm = opened.engine;
});

describe('footprintOf', () => {
  it.each(MEMBERS)('is what the engine holds at its fullest: $variant', async (member) => {
    const graph = graphOfMember(member, 2);
    for (const eager of [true, false]) {
      const executable = await wasm.load(graph, { eager });
      wasm.resetPeak();
      executable.run();
      const { peak } = wasm.memory();
      executable.dispose();
      // Folded norms have two vectors less; kernels make small tensors of their own.
      const share = total(footprintOf(graph, stepsOf(graph, eager))) / peak!;
      expect(share, eager ? 'eager' : 'fused').toBeGreaterThan(0.55);
      expect(share, eager ? 'eager' : 'fused').toBeLessThan(1.01);
    }
  });

  it('grows with the batch in its activations alone', () => {
    const at = (n: number) => {
      const graph = graphOf(builtIn('resnet50'), n);
      return footprintOf(graph, stepsOf(graph));
    };
    expect(at(8)).toEqual({ weights: at(1).weights, activations: 8 * at(1).activations });
  });
});

describe('demandFits', () => {
  const ask = (batch: number, heap: Heap | null, maxTensorBytes: number | null = null): string => {
    const graph = graphOf(builtIn('vovnet39'), batch);
    try {
      demandFits(graph, stepsOf(graph), { heap, maxTensorBytes });
      return 'fits';
    } catch (error) {
      expect(error).toBeInstanceOf(DeviceFailure);
      return (error as Error).message;
    }
  };
  const named = (message: string): number => Number(/use --batch (\d+) or less$/.exec(message)?.[1]);
  const MIB = 2 ** 20;

  it('names the batch that fits together with its weights, and the next one does not', () => {
    const heap = heapOf('a', 2000 * MIB);
    const message = ask(512, heap);
    expect(message).toMatch(
      /^beside its weights 9\.\d+ GiB of tensors are there at once, and a 2\.0 GiB have room for 1\.\d+ GiB: use --batch/,
    );
    expect(ask(named(message), heap)).toBe('fits');
    expect(named(ask(named(message) + 1, heap))).toBe(named(message));
  });

  it('names the smaller of what one tensor and all of them allow', () => {
    const [heap, limit] = [heapOf('a', 2000 * MIB), 1000 * MIB];
    const message = ask(512, heap, limit);
    expect(message).toMatch(/^node "stage2.OSA2_1.concat" needs a tensor of 4932501504 bytes/);
    expect(ask(named(message), heap, limit)).toBe('fits');
    expect(named(message)).toBeLessThan(named(ask(512, null, limit)));
  });

  it('names no batch where the weights alone have no room', () => {
    expect(ask(4, heapOf('a', 50 * MIB))).toMatch(/use a smaller input, or another engine$/);
    expect(ask(4, null, 5 * MIB)).toMatch(/use a smaller input, or another engine$/);
  });

  it('leaves room for holes where the heap has them', () => {
    const sieve = { ...heapOf('a', 2000 * MIB), usable: 0.1 };
    const message = ask(50, sieve);
    expect(named(message)).toBeLessThan(15);
    expect(ask(named(message), sieve)).toBe('fits');
  });
});

describe('WebAssembly', () => {
  interface Module {
    _malloc(bytes: number): number;
    _free(address: number): void;
  }
  const module = () => (tf.backend() as unknown as { readonly wasm: Module }).wasm;

  it('refuses before anything runs what 32 bits do not address, and names the batch', () => {
    expect(() => {
      wasm.demandFits(graphOf(builtIn('vovnet39'), 512));
    }).toThrow(/^node "stage2.OSA2_1.concat" needs a tensor of .* use --batch \d+ or less$/);
    expect(() => {
      wasm.demandFits(graphOf(builtIn('vovnet39'), 220));
    }).toThrow(
      /^beside its weights 4\.\d+ GiB of tensors are there at once, and WebAssembly's 4\.0 GiB have room for 1\.\d+ GiB/,
    );
    expect(() => {
      wasm.demandFits(graphOf(builtIn('vovnet39'), 64));
    }).not.toThrow();
  });

  it('refuses a request that its allocator would take for another', () => {
    expect(() => module()._malloc(2 ** 31)).toThrow(/no room for 2147483648 bytes/);
    expect(() => module()._malloc(2 ** 32 + 8)).toThrow(/no room/);
  });

  it('fails a run that finds no room, names half the batch, and never computes anything else afterwards', async () => {
    const graph = graphOfMember(MEMBERS[0]!, 8);
    const executable = await wasm.load(graph);
    const [before] = await executable.outputs();
    const { tensors } = wasm.memory();
    const hoard: number[] = [];
    for (let bytes = 2 ** 30; bytes >= 2 ** 10;) {
      try {
        hoard.push(module()._malloc(bytes));
      } catch {
        bytes /= 2;
      }
    }
    expect(() => {
      executable.run();
    }).toThrow(/^at node ".+" WebAssembly has no room for \d+ bytes more: use --batch 4 or less$/);
    await expect(wasm.load(graph)).rejects.toThrow(/^at node "input" WebAssembly has no room/);
    for (const address of hoard) module()._free(address);
    expect(wasm.memory().tensors).toBe(tensors);
    // An allocator that gave what it did not have stays out of use; else the numbers are the same as before.
    const after = await executable.outputs().catch((error: unknown) => error);
    if (after instanceof DeviceFailure) expect(after.message).toMatch(/has no room/);
    else expect(after).toEqual([before]);
    executable.dispose();
  });
});

describe('an engine whose fused ops make tensors of their own', () => {
  /** Bytes with them over bytes without. */
  const growth = (name: string): number => {
    const graph = graphOf(builtIn(name), 8);
    const steps = stepsOf(graph);
    return footprintOf(graph, steps, true).activations / footprintOf(graph, steps).activations;
  };
  it('needs more for a network of wide convolutions with activations than for one whose sums are its fullest', () => {
    expect(growth('mobilenet_v2')).toBeGreaterThan(2);
    expect(growth('resnet50')).toBeLessThan(1.5);
    expect(growth('resnet50')).toBeGreaterThanOrEqual(1);
  });

  it('and nothing more where every op is run as written, but for biases', () => {
    const graph = graphOf(builtIn('mobilenet_v2'), 8);
    const steps = stepsOf(graph, true);
    expect(footprintOf(graph, steps, true)).toEqual(footprintOf(graph, steps));
  });
});
