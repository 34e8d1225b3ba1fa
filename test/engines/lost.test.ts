// Is a lost device ever waited for, or timed? A driver that crashes takes its device away, and every promise of it may stay open.

import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { DeviceFailure } from '../../src/engines/engine.js';
import { measure } from '../../src/measure/measure.js';
import { measureAll, Session } from '../../src/measure/session.js';
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
    const settings = {
      ...{ engine: 'webgpu', open: { allowSoftware: true }, layers: false, eager: false, ceilings: false, seed: 1 },
      protocol: { warmups: 1, windows: 2, minWindowSeconds: 0.05 },
    };
    const session = await Session.open(settings, '0.0.0');
    const runs = await measureAll(session, jobs, {
      finished: ({ model }) => {
        if (model === 'first') deviceInUse().destroy();
      },
      refused: ({ message }) => void refused.push(message),
    }).finally(() => session.close());
    expect(runs.map(({ model }) => model)).toEqual(['first', 'third']);
    expect(refused).toEqual([expect.stringMatching(/^second at batch 1: the device reported an error/)]);
  }, 120_000);
});
