// Gives Node the WebGPU of Dawn (npm package webgpu) in the globals where tfjs looks for it.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oneLine, type Gpu } from './adapter.js';
import { installedFile } from './optionalPackage.js';

/** The reason where the package is installed and does not load. */
export const DOES_NOT_LOAD = 'Dawn, the WebGPU implementation, does not load on this machine';

let instance: { readonly settings: string; readonly gpu: Gpu; readonly version: string } | undefined;

/** The part of the package that is used. The package is optional and loaded by path. */
interface Dawn {
  readonly globals: object;
  create(settings: string[]): unknown;
}

/** Dawn, or the reason why not: its package is absent, does not load, or refuses the settings. */
export type DawnResult =
  | { readonly gpu: Gpu; readonly version: string }
  | { readonly absent: true }
  | { readonly missing: string }
  | { readonly refused: string };

/** One instance for each list of settings. It must outlive every device made from it. */
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
