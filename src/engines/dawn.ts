// How does Node come by WebGPU? Through Dawn, Chromium's implementation, as the npm package webgpu; tfjs expects it where a browser has it.

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
let instance: { readonly toggles: string; readonly gpu: Gpu } | undefined;

/** The same instance for the same toggles: it must outlive every device that was made from it. */
export async function dawn(toggles: readonly string[]): Promise<Gpu | undefined> {
  const key = toggles.join();
  if (instance?.toggles === key) return instance.gpu;
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals); // tfjs reads GPUBufferUsage and the like as globals
    instance = { toggles: key, gpu: create([...toggles]) as unknown as Gpu };
  } catch {
    return undefined;
  }
  // tfjs looks here, and Node has a navigator of its own.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: instance.gpu }, configurable: true, writable: true });
  return instance.gpu;
}
