// Whose memory is it? A run's peak on the device is its own, whatever ran before it in the session.

import { expect, it } from 'vitest';
import { graphOfMember, type Member } from './members.js';
import { withEngine } from './withEngine.js';

const SMALL: Member = { family: 'resnet_cifar', variant: 'resnet20', side: 32 };

await withEngine('webgpu', (engine) => {
  const peakAt = async (batch: number): Promise<{ readonly tensors: number; readonly device: number }> => {
    const executable = await engine.load(graphOfMember(SMALL, batch));
    engine.resetPeak();
    for (let i = 0; i < 2; i++) executable.run();
    await engine.done();
    const { peak, peakAllocated } = engine.memory();
    executable.dispose();
    await engine.done();
    return { tensors: peak!, device: peakAllocated! };
  };

  it('knows what it took from the device, which is no less than its tensors, and gives it back for the next graph', async () => {
    const small = await peakAt(1);
    const large = await peakAt(32);
    expect(small.device).toBeGreaterThanOrEqual(small.tensors);
    expect(large.device).toBeGreaterThanOrEqual(large.tensors);
    expect(large.device).toBeGreaterThan(4 * small.device);
    const again = await peakAt(1);
    expect(again.device).toBeLessThan(1.1 * small.device);
    expect(engine.failures()).toEqual([]);
  }, 120_000);
});
