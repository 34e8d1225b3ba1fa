// On which engine does a measurement run? The one named, or the best that works here; the choice is said aloud.

import { chooseEngine, isEngineName, openEngine } from '../src/engines/open.js';
import type { Engine, EngineName, OpenOptions } from '../src/engines/engine.js';
import { InputError } from '../src/inputError.js';
import { refuseIdle } from './givenFlags.js';
import type { Screen } from './screen.js';

/** @throws InputError when the named engine cannot be had here, or a flag means nothing to it, with the one thing to do about it */
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
  const opened = await openEngine(name, options);
  if (!opened.available) throw new InputError(`the engine ${name} cannot be used: ${opened.problem}; ${opened.remedy}`);
  return opened.engine;
}

/** Only webgpu runs on Dawn, and only its drivers may be software. */
function refuseStrangeOptions(name: EngineName, { allowSoftware, dawnToggles }: OpenOptions): void {
  const given = [...(dawnToggles ? ['--dawn-toggle'] : []), ...(allowSoftware ? ['--allow-software'] : [])];
  const why = `on the engine ${name}: it is for --engine webgpu`;
  refuseIdle(given, [[name !== 'webgpu', given, why]]);
}
