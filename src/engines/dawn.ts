// Gives Node the WebGPU of Dawn (npm package webgpu), where tfjs expects that of a browser.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oneLine, type Gpu } from './adapter.js';
import { installedFile } from './optionalPackage.js';

/** The package is there, and of no use on this machine. */
export const DOES_NOT_LOAD = 'Dawn, the WebGPU implementation, does not load on this machine';

let instance: { readonly settings: string; readonly gpu: Gpu; readonly version: string } | undefined;

/** What of the package is used. It is optional, and required by a path that is found. */
interface Dawn {
  readonly globals: object;
  create(settings: string[]): unknown;
}

/** Dawn, or why there is none: its package is absent, does not load, or refuses the settings. */
export type DawnResult =
  | { readonly gpu: Gpu; readonly version: string }
  | { readonly absent: true }
  | { readonly missing: string }
  | { readonly refused: string };

/** The same instance for the same settings: it must outlive every device that was made from it. */
export async function dawn(settings: readonly string[]): Promise<DawnResult> {
  const key = settings.join(' ');
  if (instance?.settings === key) return instance;
  const manifest = installedFile('webgpu');
  if (manifest === undefined) return { absent: true };
  const { main, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { main: string; version: string };
  let create: Dawn['create'];
  try {
    const loaded = (await import(pathToFileURL(join(dirname(manifest), main)).href)) as Dawn;
    Object.assign(globalThis, loaded.globals); // tfjs reads GPUBufferUsage and the like as globals
    create = loaded.create;
  } catch (error) {
    return { missing: oneLine(error) };
  }
  try {
    instance = { settings: key, version, gpu: create([...settings]) as Gpu };
  } catch (error) {
    return { refused: oneLine(error) };
  }
  // tfjs reads navigator.gpu. Node has a navigator without it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: instance.gpu }, configurable: true, writable: true });
  return instance;
}
