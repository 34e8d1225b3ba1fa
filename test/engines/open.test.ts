// Which engine does auto take, and what does it say where there is none?

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { chooseEngine, isEngineName, openEngine } from '../../src/engines/open.js';

it('opens what works here, says why, and says what to do about everything better', async () => {
  const { engine, reason, passedOver } = await chooseEngine();
  expect(engine.device.software).toBe(false);
  expect(reason).not.toBe('');
  for (const { problem, remedy } of passedOver) {
    expect(problem).not.toContain('\n');
    expect(remedy).not.toBe('');
  }
  const missing = passedOver.map(({ name }) => name);
  if (missing.includes('webgpu')) {
    const best = (['tensorflow', 'onnxruntime'] as const).every((name) => missing.includes(name));
    expect(best ? ['wasm'] : ['tensorflow', 'onnxruntime']).toContain(engine.name);
  }
  // On a CPU onnxruntime is the first choice.
  if (engine.device.kind === 'cpu' && !missing.includes('onnxruntime')) expect(engine.name).toBe('onnxruntime');
  await engine.close();
});

it('never takes a software adapter for a GPU unless it is told to', async () => {
  const opened = await openEngine('webgpu');
  if (opened.available) expect(opened.engine.device.software).toBe(false);
  else expect(opened.problem).toMatch(/no adapter|plays a GPU|does not load/);
});

it('gives a missing engine as a value', async () => {
  const opened = await openEngine('tensorflow');
  if (!opened.available) expect(opened).toEqual({ available: false, name: 'tensorflow', ...sentence });
});

const sentence = { problem: expect.stringMatching(/./) as string, remedy: expect.stringMatching(/./) as string };

it('knows the engines by name', () => {
  expect(['tensorflow', 'onnxruntime', 'webgpu', 'wasm', 'cpu', 'cuda', 'auto'].filter(isEngineName)).toHaveLength(5);
});

describe('webgpu that cannot be had says why, and names the flag that is to blame', () => {
  it.each<[string, RegExp]>([
    ['nonsense', /^Dawn does not take its settings \(Flags expected argument format is <key>=<value>\)$/],
    ['backend=null', /^the only adapter is Dawn's null device, which computes nothing$/],
  ])('%s', async (toggle, problem) => {
    const opened = await openEngine('webgpu', { allowSoftware: true, dawnToggles: [toggle] });
    if (opened.available) throw new Error('it opened');
    expect(opened.problem).toMatch(problem);
    expect(opened.remedy).toBe(`correct --dawn-toggle ${toggle}, or leave it out`);
  });
});

it('wasm without memory says so, not that its files are missing', async () => {
  const { stderr } = await promisify(execFile)('sh', [
    '-c',
    `ulimit -v 3000000; exec ${process.execPath} dist/cli.js measure resnet20 --engine wasm --no-ceilings; true`,
  ]).catch((error: unknown) => error as { readonly stderr: string });
  expect(stderr).toMatch(
    /^error: the engine wasm cannot be used: there is no room for the memory that WebAssembly reserves; give this process more/,
  );
  expect(stderr).not.toContain('npm ci');
}, 60_000);
