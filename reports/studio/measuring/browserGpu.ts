// Opens the WebGPU of the browser as an engine, or says in a sentence why there is none.

import { describeAdapter, oneLine, type Gpu } from '../../../src/engines/adapter.js';
import type { Engine } from '../../../src/engines/engine.js';
import { tryConvolution } from '../../../src/engines/knownConvolution.js';
import { tfjsEngine } from '../../../src/engines/tfjsEngine.js';
import { webgpuPlatform } from '../../../src/engines/webgpuPlatform.js';
import type { Host } from '../../../src/measure/runOf.js';

export type OpenedGpu =
  | { readonly engine: Engine; readonly host: Host }
  | {
      readonly problem: string;
      /** There is an adapter, and it is a CPU that plays a GPU. */
      readonly software: boolean;
    };

export async function openBrowserGpu(allowSoftware: boolean): Promise<OpenedGpu> {
  const { gpu } = navigator as unknown as { readonly gpu?: Gpu };
  if (!gpu)
    return none(
      'this browser has no WebGPU here: use a current Chrome, Edge, Safari or Firefox, over https or on localhost',
    );
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch((error: unknown) => oneLine(error));
  if (typeof adapter === 'string') return none(`the browser gives no adapter (${adapter}): update the GPU's driver`);
  if (!adapter)
    return none(
      "the browser found no GPU for WebGPU: update the GPU's driver, or allow hardware acceleration in its settings",
    );
  const device = describeAdapter(adapter);
  if (device.software && !allowSoftware)
    return {
      problem: `the only adapter is ${device.name}, a CPU that plays a GPU: its times say nothing about any GPU`,
      software: true,
    };
  const platform = await webgpuPlatform(adapter, device, {
    versions: { browser: browserName() },
    settings: { browser: true, clockMicroseconds: clockStep() },
    heap: null,
  });
  const engine = tfjsEngine(platform);
  const { problem } = await tryConvolution(engine);
  if (problem !== null) {
    await engine.close();
    return none(`WebGPU of this browser ${problem}: update the GPU's driver`);
  }
  return { engine, host: hostOf() };
}

const none = (problem: string): OpenedGpu => ({ problem, software: false });

interface Brands {
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly platform: string;
  };
  readonly deviceMemory?: number;
}
const told = navigator as unknown as Brands;

/** The name that means something among those that a browser gives. */
export function browserName(): string {
  const brand = told.userAgentData?.brands.find((one) => !/Not.?A.?Brand|^Chromium$/i.test(one.brand));
  const any = brand ?? told.userAgentData?.brands.find((one) => one.brand === 'Chromium');
  return any ? `${any.brand} ${any.version}` : navigator.userAgent.slice(0, 200);
}

/** What a browser tells of its machine; it names no processor, and memory in steps at most. */
export const hostOf = (): Host => ({
  versions: {},
  environment: {
    platform: `browser on ${told.userAgentData?.platform ?? 'an unnamed system'}`,
    cpu: 'not told by browsers',
    cores: navigator.hardwareConcurrency,
    memoryBytes: told.deviceMemory === undefined ? null : told.deviceMemory * 2 ** 30,
  },
});

/** The step in which the host's clock goes on, in microseconds: browsers round it. */
export function clockStep(): number {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    least = Math.min(least, now - start);
  }
  return Math.round(1000 * least);
}
