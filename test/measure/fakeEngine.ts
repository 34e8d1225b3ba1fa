// An engine whose time, errors and outputs a test decides: the protocol is tested without a clock.

import type { AsRun, Engine, Executable, LayerTimes, Output } from '../../src/engines/engine.js';

export interface FakeOptions {
  /** Milliseconds of device time of one run. */
  readonly device?: (run: number) => number;
  /** Milliseconds of host time of one run. */
  readonly host?: number;
  readonly outputs?: readonly Output[];
  readonly layers?: LayerTimes;
  /** Called when layers are timed. */
  readonly layersTimed?: () => void;
  readonly kind?: 'gpu' | 'cpu';
  readonly software?: boolean;
  readonly failAfter?: number;
  /** The device drops work while layers are timed. */
  readonly dropsInLayers?: boolean;
  readonly emulated?: readonly string[];
  readonly asRun?: AsRun;
}

/** Time passes only where the fake lets it pass. */
export function fakeEngine(options: FakeOptions = {}): {
  readonly engine: Engine;
  readonly now: () => number;
  readonly runs: () => number;
} {
  const { device = () => 10, host = 1, kind = 'gpu', software = false, failAfter = Infinity } = options;
  let [clock, busyUntil, runs] = [0, 0, 0];
  const run = (): void => {
    clock += host;
    busyUntil = Math.max(busyUntil, clock) + device(runs++);
  };
  const done = (): Promise<void> => {
    clock = Math.max(clock, busyUntil);
    return runs > failAfter ? Promise.reject(new Error('device lost')) : Promise.resolve();
  };
  const executable: Executable = {
    params: 10,
    steps: 2,
    weights: 'seeded',
    asRun: () => Promise.resolve(options.asRun ?? null),
    emulated: options.emulated ?? [],
    largestTensor: { node: 'conv1', bytes: 400 },
    run,
    outputs: async () => {
      run();
      await done();
      return options.outputs ?? [{ name: 'fc', shape: [1, 2], values: new Float32Array([1, 2]) }];
    },
    layerTimes: () => {
      options.layersTimed?.();
      runs += options.dropsInLayers === true ? Infinity : 0;
      return Promise.resolve(
        options.layers ?? { clock: 'device', layers: [{ nodes: ['conv1', 'bn1'], op: 'conv', ms: 9, kernels: [] }] },
      );
    },
    dispose: () => undefined,
  };
  const engine: Engine = {
    name: 'webgpu',
    device: { kind, vendor: 'fake', name: 'Fake 1', software, driver: null },
    runsFiles: false,
    throughCuda: false,
    maxTensorBytes: 2 ** 30,
    maxTotalBytes: null,
    versions: { fake: '1.0' },
    settings: {},
    demandFits: () => undefined,
    load: () => Promise.resolve(executable),
    matmul: (side) => ({ amount: 2 * side ** 3, unit: 'flop', run, dispose: () => undefined }),
    copy: (elements) => ({ amount: 8 * elements, unit: 'byte', run, dispose: () => undefined }),
    flush: () => undefined,
    done,
    memory: () => ({ tensors: 1, inUse: 40, peak: 400, allocated: 800, peakAllocated: 900 }),
    allocatedIs: 'what the fake says',
    resetPeak: () => undefined,
    failures: () => [],
    close: () => Promise.resolve(),
  };
  return { engine, now: () => clock, runs: () => runs };
}
