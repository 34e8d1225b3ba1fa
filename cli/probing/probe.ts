// A child process that tries one engine or renderer, and reports to its parent (probes.ts).

import { isEngineName, chooseEngine } from '../../src/engines/open.js';
import { probeEngine } from '../../src/engines/probe.js';
import { probeRenderer } from './rendererProbe.js';

const [what = ''] = process.argv.slice(2);
// The parent has ended, so no answer is needed.
process.on('disconnect', () => process.exit(1));
process.send?.(await answer(), () => process.exit(0));

async function answer(): Promise<object | null> {
  if (isEngineName(what)) return probeEngine(what);
  if (what !== 'auto') return probeRenderer(what);
  try {
    const { engine, reason } = await chooseEngine();
    return { name: engine.name, reason };
  } catch {
    return null;
  }
}
