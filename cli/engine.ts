// On which engine does a measurement run? The one named, or the best that works here; the choice is said aloud.

import { chooseEngine, isEngineName, openEngine } from '../src/engines/open.js';
import type { Engine, OpenOptions } from '../src/engines/engine.js';
import { InputError } from '../src/inputError.js';
import type { Screen } from './screen.js';

/** @throws InputError when the named engine cannot be had here, with the one thing to do about it */
export async function engineNamed(name: string, options: OpenOptions, screen: Screen): Promise<Engine> {
  if (!isEngineName(name)) {
    const { engine, reason } = await chooseEngine(options);
    screen.err(`engine ${engine.name}: ${reason}\n`);
    return engine;
  }
  const opened = await openEngine(name, options);
  if (!opened.available) throw new InputError(`the engine ${name} cannot be used: ${opened.problem}; ${opened.remedy}`);
  return opened.engine;
}
