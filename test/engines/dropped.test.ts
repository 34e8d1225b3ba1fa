// Does a dropped command ever become a fast time? Dawn drops a submit with a tensor over the binding limit, and nothing throws.

import { describe, expect, it } from 'vitest';
import { DeviceFailure, type Engine } from '../../src/engines/engine.js';
import { graphOfMember } from './members.js';
import { withEngine } from './withEngine.js';

/** Past this a tensor that is too large would not fit in the host's memory either. */
const LARGEST_TRIED = 2 ** 31;

await withEngine('webgpu', (engine) => {
  it('names the node and the batch before it runs a tensor that does not fit', async () => {
    const limit = engine.maxTensorBytes!;
    const batch = Math.floor(limit / (4 * 16 * 32 * 32)) + 1;
    const loading = engine.load(graphOfMember({ family: 'resnet_cifar', variant: 'resnet20', side: 32 }, batch));
    await expect(loading).rejects.toThrow(DeviceFailure);
    await expect(loading).rejects.toThrow(
      new RegExp(`node ".+" needs a tensor of .+ bytes.+: use --batch ${batch - 1} or less`),
    );
    expect(engine.failures()).toEqual([]);
  });

  describe.skipIf(engine.maxTensorBytes! > LARGEST_TRIED)('on a device with a small binding limit', () => {
    it('fails once a command was dropped, and ever after', async () => {
      await tooLarge(engine);
      await expect(engine.done()).rejects.toThrow(DeviceFailure);
      expect(engine.failures()[0]).toMatch(/larger than the maximum storage buffer binding size/);
      await expect(engine.done()).rejects.toThrow(DeviceFailure);
    });
  });
});

async function tooLarge(engine: Engine): Promise<void> {
  await engine.done();
  const copy = engine.copy(engine.maxTensorBytes! / 4 + 1024);
  copy.run();
  copy.dispose();
}
