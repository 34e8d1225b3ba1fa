// Is an engine believed that opens and computes nothing? It has times, too, and they would be the best.

import { describe, expect, it, vi } from 'vitest';
import { chooseEngine, openTrusted } from '../../src/engines/open.js';
import { capture } from '../cli/capture.js';
import { fakeEngine } from '../measure/fakeEngine.js';

/** Finite and not zero, and not the convolution. */
const outputs = [{ name: 'conv', shape: [1, 4, 8, 8], values: new Float32Array(256).fill(1) }];

vi.mock('../../src/engines/webgpu.js', () => ({
  open: () => Promise.resolve({ available: true, engine: fakeEngine({ outputs }).engine }),
}));
vi.mock('../../src/engines/onnxruntime/open.js', () => ({
  open: () => Promise.resolve({ available: false, name: 'onnxruntime', problem: 'absent', remedy: 'none' }),
}));
vi.mock('../../src/engines/tensorflow.js', () => ({
  open: () => Promise.resolve({ available: false, name: 'tensorflow', problem: 'absent', remedy: 'none' }),
}));

describe('an engine that computes a convolution wrongly', () => {
  it('is passed over by auto, which says so', async () => {
    const { engine, reason, passedOver } = await chooseEngine();
    expect(engine.name).toBe('wasm');
    expect(reason).toMatch(/; webgpu was passed over because it computes a convolution wrongly$/);
    expect(passedOver.find(({ name }) => name === 'webgpu')).toMatchObject({ computes: false });
    await engine.close();
  });

  it('gives no time where it is named: exit code 3, one sentence, nothing on stdout', async () => {
    const { out, err, code } = await capture(['measure', 'resnet20', '--engine', 'webgpu', '--input', '3x32x32']);
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toMatch(
      /^error: no time of the engine webgpu means anything: it computes a convolution wrongly; .+--engine$/m,
    );
  });
});

it('an engine that computes is opened', async () => {
  const opened = await openTrusted('wasm');
  expect(opened.available).toBe(true);
  if (opened.available) await opened.engine.close();
});
