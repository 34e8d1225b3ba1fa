// Gives Node the WebGPU of Dawn (npm package webgpu), where tfjs expects that of a browser.

import { oneLine, type Gpu } from './adapter.js';

let instance: { readonly settings: string; readonly gpu: Gpu } | undefined;

/** Dawn, or the reason why it is missing: it does not load, or it refuses the settings. */
export type DawnResult = { readonly gpu: Gpu } | { readonly missing: string } | { readonly refused: string };

/** The same instance for the same settings: it must outlive every device that was made from it. */
export async function dawn(settings: readonly string[]): Promise<DawnResult> {
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
