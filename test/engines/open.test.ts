// Which engine does auto take, and what does it say where there is none?

import { expect, it } from 'vitest';
import { chooseEngine, isEngineName, openEngine } from '../../src/engines/open.js';

it('opens what works here, says why, and says what to do about everything better', async () => {
  const { engine, reason, passedOver } = await chooseEngine();
  expect(engine.device.software).toBe(false);
  expect(reason).not.toBe('');
  for (const { problem, remedy } of passedOver) {
    expect(problem).not.toContain('\n');
    expect(remedy).not.toBe('');
  }
  if (passedOver.map(({ name }) => name).join() === 'tensorflow,webgpu') expect(engine.name).toBe('wasm');
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
  expect(['tensorflow', 'webgpu', 'wasm', 'cpu', 'cuda', 'auto'].filter(isEngineName)).toHaveLength(4);
});
