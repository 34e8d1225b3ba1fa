// Does a setting of the user's leave ours in force?

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dawnSettings } from '../../src/engines/dawnSettings.js';
import { openEngine } from '../../src/engines/open.js';
import { roundedTo } from '../../src/measure/rounded.js';
import { graphOfMember } from './members.js';
import { withEngine } from './withEngine.js';

describe('dawnSettings', () => {
  it.each([
    [[], ['disable-dawn-features=timestamp_quantization']],
    [['disable-dawn-features=x'], ['disable-dawn-features=timestamp_quantization,x']],
    [
      ['disable-dawn-features=x,timestamp_quantization', 'enable-dawn-features=a', 'enable-dawn-features=b'],
      ['disable-dawn-features=timestamp_quantization,x', 'enable-dawn-features=a,b'],
    ],
    [
      ['backend=vulkan', 'backend=null', 'nonsense'],
      ['disable-dawn-features=timestamp_quantization', 'backend=null', 'nonsense'],
    ],
  ])('%j is given to Dawn as %j', (given, expected) => {
    expect(dawnSettings(given)).toEqual(expected);
  });

  it('names no key twice, whatever is given', () => {
    const entry = fc.tuple(fc.constantFrom('disable-dawn-features', 'enable-dawn-features', 'adapter'), fc.string());
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const keys = dawnSettings(entries.map((pair) => pair.join('='))).map((text) => text.split('=')[0]);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys[0]).toBe('disable-dawn-features');
      }),
    );
  });
});

await withEngine('webgpu', () => {
  it('a toggle of the same key leaves timestamps as fine as they are, and the record says what Dawn was given', async () => {
    const opened = await openEngine('webgpu', {
      allowSoftware: true,
      dawnToggles: ['disable-dawn-features=nothing_at_all'],
    });
    if (!opened.available) throw new Error(opened.problem);
    const { engine } = opened;
    const executable = await engine.load(graphOfMember({ family: 'resnet_cifar', variant: 'resnet20', side: 32 }));
    await executable.outputs();
    const times = await executable.layerTimes();
    if (times.clock === null) throw new Error(times.reason);
    expect(roundedTo([times])).toBeNull();
    expect(engine.settings['toggles']).toBe('disable-dawn-features=timestamp_quantization,nothing_at_all');
    executable.dispose();
    await engine.close();
  }, 120_000);

  it('an adapter that is not there is the fault of the flag, not of the installation', async () => {
    const opened = await openEngine('webgpu', { allowSoftware: true, dawnToggles: ['adapter=nosuch'] });
    expect(opened).toMatchObject({
      available: false,
      problem: expect.stringMatching(/^Dawn gives no adapter \(no suitable backends found; .+\)$/) as string,
      remedy: 'correct --dawn-toggle adapter=nosuch, or leave it out',
    });
  });
});
