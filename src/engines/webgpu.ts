// The engine webgpu: tfjs's webgpu backend on Dawn (Vulkan, Metal or D3D12, without CUDA).

import { describeAdapter, oneLine, type Adapter } from './adapter.js';
import { dawn, DOES_NOT_LOAD } from './dawn.js';
import { dawnSettings } from './dawnSettings.js';
import type { Available, OpenOptions, Unavailable } from './engine.js';
import { hostHeap } from './hostHeap.js';
import { OPTIONAL, setUp } from './optionalPackage.js';
import { tfjsEngine } from './tfjsEngine.js';
import { unavailable } from './problem.js';
import { webgpuPlatform } from './webgpuPlatform.js';

export async function open({ allowSoftware = false, dawnToggles = [] }: OpenOptions): Promise<Available | Unavailable> {
  const settings = dawnSettings(dawnToggles);
  const found = await dawn(settings);
  if ('absent' in found)
    return unavailable('webgpu', `the package ${OPTIONAL.webgpu.package} is not installed`, setUp('webgpu'));
  if ('missing' in found)
    return unavailable(
      'webgpu',
      `${DOES_NOT_LOAD} (${found.missing})`,
      `${setUp('webgpu')} again, on a platform that the npm package webgpu has a build for`,
    );
  const toggled = `correct --dawn-toggle ${dawnToggles.join(' ')}, or leave it out`;
  if ('refused' in found)
    return unavailable(
      'webgpu',
      `Dawn does not take its settings (${found.refused})`,
      dawnToggles.length > 0 ? toggled : 'choose another engine with --engine',
    );
  let adapter: Adapter | null;
  try {
    adapter = await found.gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return unavailable(
      'webgpu',
      `Dawn gives no adapter (${oneLine(error)})`,
      dawnToggles.length > 0 ? toggled : INSTALL_DRIVER,
    );
  }
  if (!adapter) return unavailable('webgpu', 'no GPU driver answered: WebGPU found no adapter', INSTALL_DRIVER);
  if (adapter.info.device === NULL_DEVICE)
    return unavailable('webgpu', "the only adapter is Dawn's null device, which computes nothing", toggled);
  const device = describeAdapter(adapter);
  if (device.software && !allowSoftware)
    return unavailable(
      'webgpu',
      `the only adapter is ${device.name}, a CPU that plays a GPU`,
      'use the wasm engine, or --allow-software to run on it all the same',
    );
  const platform = await webgpuPlatform(adapter, device, {
    versions: { webgpu: found.version },
    settings: { toggles: settings.join(' ') },
    // A software driver uses this machine's memory. The memory of a GPU is not reported.
    heap: device.software ? hostHeap() : null,
  });
  return { available: true, engine: tfjsEngine(platform) };
}

const INSTALL_DRIVER = "install the GPU's Vulkan driver and the Vulkan loader (on Debian libvulkan1)";

/**
 * The device name of Dawn's null backend, which accepts every command and executes none.
 */
const NULL_DEVICE = 'null-backend';
