// Is a clock found out that Dawn rounds? Its own default, which our settings turn off, is left in force here.

import { expect, it, vi } from 'vitest';
import { measure } from '../../src/measure/measure.js';
import { profile } from '../../src/profile.js';
import { graphOfMember } from './members.js';
import { withEngine } from './withEngine.js';

vi.mock('../../src/engines/dawnSettings.js', () => ({ dawnSettings: () => [] }));

await withEngine('webgpu', (engine) => {
  it('layers have no times, with the reason, and the whole run keeps its own', async () => {
    const graph = graphOfMember({ family: 'resnet_cifar', variant: 'resnet20', side: 32 }, 8);
    const run = await measure(engine, graph, profile(graph), {
      protocol: { warmups: 1, windows: 3, minWindowSeconds: 0.05 },
      ...{ seed: 1, eager: false, layers: true, ceilings: null, version: 'test' },
      power: { meter: { reason: 'none' }, idle: { watts: null, how: 'none' } },
    });
    expect(run.layers).toBeNull();
    expect(run.noLayers).toMatch(/timestamps are rounded to 65\.536 us/);
    expect(run.times.median).toBeGreaterThan(0);
  }, 120_000);
});
