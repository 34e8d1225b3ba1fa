// Is the engine there? Its tests run, or they are skipped with the reason in sight, or they fail where it was promised.

import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, EngineName } from '../../src/engines/engine.js';
import { openEngine } from '../../src/engines/open.js';

/** Engines whose absence is a failure: in CI a skipped suite would look like a passed one. */
const PROMISED = (
  process.env['REQUIRE_ENGINES'] ?? (process.env['CI'] ? 'onnxruntime,webgpu,wasm,cpu' : 'wasm,cpu')
).split(',');

/** Opens an engine, a software one too, and closes it after the tests that `define` makes. */
export async function withEngine(name: EngineName, define: (engine: Engine) => void): Promise<void> {
  const opened = await openEngine(name, { allowSoftware: true });
  if (opened.available) {
    describe(name, () => {
      afterAll(() => opened.engine.close());
      define(opened.engine);
    });
    return;
  }
  const reason = `${opened.problem}; ${opened.remedy}`;
  if (PROMISED.includes(name))
    it(`${name} is there`, () => {
      expect.fail(reason);
    });
  else it.skip(`${name}, skipped: ${reason}`, () => undefined);
}
