// Does a process that used an engine end by itself, quietly? Open devices must not hold it, and libraries must not chat.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { ENGINE_NAMES } from '../../src/engines/engine.js';

const SCRIPT = 'out/engineExit.mjs';

const SOURCE = `
  import { openEngine } from './src/engines/open.js';
  import { builtIn } from './src/builtIn.js';
  import { graphOf } from './src/model.js';
  const [name, close] = process.argv.slice(2);
  const opened = await openEngine(name, { allowSoftware: true });
  if (!opened.available) console.log('unavailable');
  else {
    const executable = await opened.engine.load(graphOf(builtIn('resnet20')));
    executable.run(); // work is pending when the process ends
    if (close === 'close') await opened.engine.close();
    console.log('ran');
  }
`;

beforeAll(async () => {
  await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile: SCRIPT,
    logLevel: 'silent',
  });
});

const run = promisify(execFile);
// Vulkan drivers and Dawn write to stderr themselves.
const QUIET: readonly string[] = ['wasm', 'cpu'];

it.each(ENGINE_NAMES.flatMap((name) => ['close', 'leave open'].map((how) => [name, how] as const)))(
  '%s: %s',
  async (name, how) => {
    const { stdout, stderr } = await run(process.execPath, [SCRIPT, name, how], { timeout: 60_000 });
    expect(['ran\n', 'unavailable\n']).toContain(stdout);
    // Its libraries write in a process of their own.
    if (name === 'onnxruntime') expect(stderr).toBe('');
    if (QUIET.includes(name)) expect({ stdout, stderr }).toEqual({ stdout: 'ran\n', stderr: '' });
  },
  90_000,
);
