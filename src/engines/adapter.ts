// WebGPU as far as it is used here, in Node and in a browser, and what an adapter says of itself.

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
