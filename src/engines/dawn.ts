// Gives Node the WebGPU of Dawn (npm package webgpu), where tfjs expects that of a browser.

import type { Device } from './engine.js';

/** The part of WebGPU that is used here. */
export interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>;
}
export interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: object): Promise<GpuDevice>;
}
export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
  addEventListener(
    type: 'uncapturederror',
    listen: (event: { readonly error: { readonly message: string } }) => void,
  ): void;
  destroy(): void;
}
let instance: { readonly settings: string; readonly gpu: Gpu } | undefined;

/** Dawn, or the reason why it is missing: it does not load, or it refuses the settings. */
export type Found = { readonly gpu: Gpu } | { readonly missing: string } | { readonly refused: string };

/** The same instance for the same settings: it must outlive every device that was made from it. */
export async function dawn(settings: readonly string[]): Promise<Found> {
  const key = settings.join(' ');
  if (instance?.settings === key) return instance;
  let create: (settings: string[]) => unknown;
  try {
    const loaded = await import('webgpu');
    Object.assign(globalThis, loaded.globals); // tfjs reads GPUBufferUsage and the like as globals
    create = loaded.create;
  } catch (error) {
    return { missing: oneLine(error) };
  }
  try {
    instance = { settings: key, gpu: create([...settings]) as Gpu };
  } catch (error) {
    return { refused: oneLine(error) };
  }
  // tfjs reads navigator.gpu. Node has a navigator without it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: instance.gpu }, configurable: true, writable: true });
  return instance;
}

/** Dawn answers in lists of several lines. */
export const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().replace(/:?\s*\n\s*\*?\s*/g, '; ');

export function describeAdapter({ info }: Adapter): Device {
  const software =
    info.isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(info.architecture + info.device);
  const named = [info.device, info.description, info.architecture].filter((text) => text !== '');
  return {
    kind: 'gpu',
    vendor: info.vendor === '' ? null : info.vendor,
    // Dawn writes other characters as dashes, closing brackets too.
    name: named[0]?.replace(/-$/, '') ?? 'unknown GPU',
    software,
    driver: info.description === '' ? null : info.description,
  };
}
