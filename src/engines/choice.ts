// The engine that a user names, or the best that works here with the reason for it.

import { InputError } from '../inputError.js';
import { DeviceFailure, type Available, type Engine, type EngineName } from './engine.js';
import type { OpenOptions, Unavailable } from './engine.js';
import { chooseEngine, isEngineName, openEngine, openTrusted } from './open.js';

export interface Chosen {
  readonly engine: Engine;
  /** Why it was chosen; undefined where the user named it. */
  readonly reason?: string;
}

/**
 * @param name of an engine, or "auto"
 * @throws InputError where it is not available or an option has no effect on it, with a remedy;
 * DeviceFailure where it computes wrong numbers
 */
export async function engineOf(name: string, options: OpenOptions = {}): Promise<Chosen> {
  // Only onnxruntime has providers, so a provider's name chooses the engine.
  if (name === 'auto' && options.provider !== undefined) return engineOf('onnxruntime', options);
  if (isEngineName(name)) {
    refuseOthersOptions(name, options);
    return { engine: demandAvailable(await openTrusted(name, options)) };
  }
  if (name !== 'auto') throw new InputError(`there is no engine "${name}": name one, or auto`);
  const { engine, reason } = await chooseEngine(options);
  try {
    refuseOthersOptions(engine.name, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { engine, reason };
}

/** Opens an engine again on a new device, after the old one reported an error. */
export const reopened = async (name: EngineName, options: OpenOptions = {}): Promise<Engine> =>
  demandAvailable(await openEngine(name, options));

function demandAvailable(opened: Available | Unavailable): Engine {
  if (opened.available) return opened.engine;
  const { name, problem, remedy, computes } = opened;
  if (computes === false)
    throw new DeviceFailure(`no time of the engine ${name} means anything: ${problem}; ${remedy}`);
  throw new InputError(`the engine ${name} cannot be used: ${problem}; ${remedy}`);
}

/**
 * Refuses options without effect: Dawn's toggles are for webgpu, providers and threads for
 * onnxruntime.
 */
function refuseOthersOptions(name: EngineName, options: OpenOptions): void {
  const { allowSoftware = false, dawnToggles, provider, threads, optimisation, eager = false } = options;
  const runtime = name === 'onnxruntime';
  const mayBeSoftware = name === 'webgpu' || (runtime && provider === 'webgpu');
  const rows: readonly (readonly [given: boolean, means: boolean, flag: string, belongs: string])[] = [
    [dawnToggles !== undefined, name === 'webgpu', '--dawn-toggle', '--engine webgpu'],
    [allowSoftware, mayBeSoftware, '--allow-software', '--engine webgpu, or --engine onnxruntime --provider webgpu'],
    [provider !== undefined, runtime, '--provider', '--engine onnxruntime'],
    [threads !== undefined, runtime && (provider ?? 'cpu') === 'cpu', '--threads', '--engine onnxruntime on a CPU'],
    [optimisation !== undefined, runtime, '--optimisation', '--engine onnxruntime'],
  ];
  const first = rows.find(([given, means]) => given && !means);
  if (first) throw new InputError(`${first[2]} has no effect on the engine ${name}: it is for ${first[3]}`);
  if (eager && optimisation !== undefined && optimisation !== 'disabled')
    throw new InputError('--eager runs every op as written: --optimisation has no effect with it');
}
