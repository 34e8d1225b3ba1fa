// The child process that tries one engine or provider, and reports to its parent (tryEngine.ts).

import { isEngineName, chooseEngine } from './open.js';
import { isProvider } from './onnxruntime/providers.js';
import { probeEngine } from './probe.js';

const [what = '', provider = ''] = process.argv.slice(2);
// The parent has ended, so no answer is needed.
process.on('disconnect', () => process.exit(1));
process.send?.(await answer(), () => process.exit(0));

/** Null where no engine can be chosen. */
async function answer(): Promise<object | null> {
  if (isEngineName(what)) return probeEngine(what, isProvider(provider) ? provider : undefined);
  try {
    const { engine, reason } = await chooseEngine();
    return { name: engine.name, reason };
  } catch {
    return null;
  }
}
