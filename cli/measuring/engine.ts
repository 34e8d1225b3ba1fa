// On which engine does a measurement run? The one named, or the best that works here; the choice is said aloud.

import { chooseEngine, isEngineName, openEngine, openTrusted } from '../../src/engines/open.js';
import {
  DeviceFailure,
  type Available,
  type Engine,
  type EngineName,
  type OpenOptions,
  type Unavailable,
} from '../../src/engines/engine.js';
import { InputError } from '../../src/inputError.js';
import { refuseIdle } from '../flags/givenFlags.js';
import type { Screen } from '../screen.js';

/**
 * @throws InputError when the named engine cannot be had here, or a flag means nothing to it, with the one thing to do about
 * it; DeviceFailure when it can be had and computes something else than it should
 */
export async function engineNamed(name: string, options: OpenOptions, screen: Screen): Promise<Engine> {
  if (!isEngineName(name)) {
    const { engine, reason } = await chooseEngine(options);
    try {
      refuseStrangeOptions(engine.name, options);
    } catch (error) {
      await engine.close();
      throw error;
    }
    screen.err(`engine ${engine.name}: ${reason}\n`);
    return engine;
  }
  refuseStrangeOptions(name, options);
  return engineOf(await openTrusted(name, options));
}

/** The same engine on a new device, after it reported an error. What is still wrong with it every later run finds itself. */
export const reopened = async ({ name }: Engine, options: OpenOptions): Promise<Engine> =>
  engineOf(await openEngine(name, options));

function engineOf(opened: Available | Unavailable): Engine {
  if (opened.available) return opened.engine;
  const { name, problem, remedy, computes } = opened;
  if (computes === false)
    throw new DeviceFailure(`no time of the engine ${name} means anything: ${problem}; ${remedy}`);
  throw new InputError(`the engine ${name} cannot be used: ${problem}; ${remedy}`);
}

/** Only webgpu runs on Dawn, and only its drivers may be software. */
function refuseStrangeOptions(name: EngineName, { allowSoftware, dawnToggles }: OpenOptions): void {
  const given = [...(dawnToggles ? ['--dawn-toggle'] : []), ...(allowSoftware ? ['--allow-software'] : [])];
  const why = `on the engine ${name}: it is for --engine webgpu`;
  refuseIdle(given, [[name !== 'webgpu', given, why]]);
}
