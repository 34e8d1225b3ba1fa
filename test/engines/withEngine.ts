// Opens an engine for tests; where it is absent they are skipped with the reason, or fail where it was promised.

import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, EngineName, OpenOptions } from '../../src/engines/engine.js';
import { openEngine } from '../../src/engines/open.js';

/** Engines whose absence is a failure: in CI a skipped suite would look like a passed one. */
const PROMISED = (
  process.env['REQUIRE_ENGINES'] ?? (process.env['CI'] ? 'onnxruntime,onnxruntime-webgpu,webgpu,wasm,cpu' : 'wasm,cpu')
).split(',');

/** Opens an engine, a software one too, and closes it after the tests that `define` makes. */
export async function withEngine(
  name: EngineName,
  define: (engine: Engine) => void,
  { provider }: Pick<OpenOptions, 'provider'> = {},
): Promise<void> {
  const opened = await openEngine(name, { allowSoftware: true, ...(provider ? { provider } : {}) });
  const title = provider ? `${name}-${provider}` : name;
  if (opened.available) {
    describe(title, () => {
      afterAll(() => opened.engine.close());
      define(opened.engine);
    });
    return;
  }
  const reason = `${opened.problem}; ${opened.remedy}`;
  if (PROMISED.includes(title))
    it(`${title} is there`, () => {
      expect.fail(reason);
    });
  else it.skip(`${title}, skipped: ${reason}`, () => undefined);
}
