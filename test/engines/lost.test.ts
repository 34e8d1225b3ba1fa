// Is a lost device ever waited for, or timed? A driver that crashes takes its device away, and every promise of it may stay open.

import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { measureGraphs } from '../../cli/measuring/measureGraphs.js';
import { plainLook } from '../../cli/screen.js';
import { DeviceFailure } from '../../src/engines/engine.js';
import { measure } from '../../src/measure/measure.js';
import { profile } from '../../src/profile.js';
import { graphOfMember } from './members.js';
import { withEngine } from './withEngine.js';

const deviceInUse = () => (tf.backend() as unknown as { readonly device: { destroy(): void } }).device;

await withEngine('webgpu', (engine) => {
  it('a run on a device that is lost on the way fails and says so, and so does every later one', async () => {
    const graph = graphOfMember({ family: 'resnet_cifar', variant: 'resnet20', side: 32 });
    const device = deviceInUse();
    const noMeter = { meter: { reason: '' }, idle: { watts: null, how: '' } };
    const run = (lose: () => void) =>
      measure(engine, graph, profile(graph), {
        protocol: { warmups: 1, windows: 2, minWindowSeconds: 0.05 },
        ...{ seed: 1, eager: false, layers: false, ceilings: null, version: '', power: noMeter },
        progress: (phase) => {
          if (phase === 'window') lose();
        },
      });
    const losing = run(() => {
      device.destroy();
    });
    await expect(losing).rejects.toThrow(DeviceFailure);
    await expect(losing).rejects.toThrow(/^the device reported an error and dropped work: .*(lost|destroyed)/i);
    await expect(engine.done()).rejects.toThrow(DeviceFailure);
  }, 120_000);

  it('a session opens the device again after it, and measures what is left', async () => {
    const graph = graphOfMember({ family: 'resnet_cifar', variant: 'resnet20', side: 32 });
    const jobs = ['first', 'second', 'third'].map((name) => ({ graph, counted: { ...profile(graph), model: name } }));
    const refused: string[] = [];
    const runs = await measureGraphs(
      jobs,
      {
        ...{ engine: 'webgpu', allowSoftware: true, layers: false, eager: false, ceilings: false },
        ...{ warmups: 1, windows: 2, minWindow: 0.05, seed: 1 },
      },
      { out: () => undefined, err: () => undefined, look: plainLook, progress: false },
      ({ model }) => {
        if (model === 'first') deviceInUse().destroy();
        return Promise.resolve();
      },
      ({ message }) => {
        refused.push(message);
        return Promise.resolve();
      },
    );
    expect(runs.map(({ model }) => model)).toEqual(['first', 'third']);
    expect(refused).toEqual([expect.stringMatching(/^second at batch 1: the device reported an error/)]);
  }, 120_000);
});
