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
 * @throws InputError where it cannot be had or an option means nothing to it, with one remedy; DeviceFailure where it
 * computes wrong numbers
 */
export async function engineOf(name: string, options: OpenOptions = {}): Promise<Chosen> {
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

/** The same engine on a new device, after it reported an error. What is still wrong shows in every later run. */
export const reopened = async (name: EngineName, options: OpenOptions = {}): Promise<Engine> =>
  demandAvailable(await openEngine(name, options));

function demandAvailable(opened: Available | Unavailable): Engine {
  if (opened.available) return opened.engine;
  const { name, problem, remedy, computes } = opened;
  if (computes === false)
    throw new DeviceFailure(`no time of the engine ${name} means anything: ${problem}; ${remedy}`);
  throw new InputError(`the engine ${name} cannot be used: ${problem}; ${remedy}`);
}

/** Only webgpu runs on Dawn, and only its drivers may be software. */
function refuseOthersOptions(name: EngineName, { allowSoftware, dawnToggles }: OpenOptions): void {
  if (name === 'webgpu') return;
  const given = [...(dawnToggles ? ['--dawn-toggle'] : []), ...(allowSoftware ? ['--allow-software'] : [])];
  const [first] = given;
  if (first !== undefined)
    throw new InputError(`${first} has no effect on the engine ${name}: it is for --engine webgpu`);
}
