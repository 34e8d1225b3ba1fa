// Do the bars of the icicle add up, and does completion offer what the schema says?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionsAt, type ConfigSchema } from '../../../reports/studio/editor/completion.js';
import { barsOf, partsOf, pathTo } from '../../../reports/studio/pictures/parts.js';
import { METRICS } from '../../../reports/studio/state/metrics.js';
import { configSchema } from '../../../src/importers/config/configSchema.js';
import { atCount } from '../../../src/metrics/countNames.js';
import { profileOf } from '../synthetic.js';

describe('parts of a network', () => {
  const profile = profileOf('resnet50');

  it.each(METRICS)('%s: the whole is the total', (metric) => {
    expect(partsOf('net', profile.layers, metric).cost).toBe(atCount(profile.totals, metric));
  });

  it('a stage of 300,000 layers is laid out: no list of them is spread into arguments', () => {
    const [layer] = profile.layers;
    const many = Array.from({ length: 300_000 }, (_, i) => ({ ...layer!, name: `layer${i}`, stage: 'a', block: '' }));
    const root = partsOf('net', many, 'memoryAccess.unfused');
    expect(root.parts[0]!.parts.length).toBe(300_000);
    expect(barsOf(root, 0.001, new Set()).length).toBeLessThan(2000);
  });

  it('each part is the sum of its own, and every layer stands once', () => {
    const root = partsOf('net', profile.layers, 'memoryAccess.unfused');
    const places: number[] = [];
    const walk = (part: typeof root): void => {
      if (part.layer !== undefined) places.push(part.layer);
      else expect(part.cost).toBe(part.parts.reduce((sum, { cost }) => sum + cost, 0));
      part.parts.forEach(walk);
    };
    walk(root);
    expect(places.sort((a, b) => a - b)).toEqual(profile.layers.map((_, place) => place));
  });

  it('a path leads to any part; to nothing it is the network', () => {
    const root = partsOf('net', profile.layers, 'params');
    const block = root.parts[1]!.parts[1]!;
    expect(pathTo(root, block.key).map(({ name }) => name)).toEqual(['net', 'layer1', 'layer1.1']);
    expect(pathTo(root, 'nowhere')).toEqual([root]);
  });

  it('bars of a row stand side by side and fill what is above them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...METRICS), fc.double({ min: 0, max: 0.05, noNaN: true }), (metric, least) => {
        const root = partsOf('net', profile.layers, metric);
        const bars = barsOf(root, least, new Set());
        const rows = Math.max(...bars.map(({ row, rows: high }) => row + high));
        for (let row = 0; row < rows; row++) {
          const here = bars.filter((bar) => bar.row <= row && row < bar.row + bar.rows).sort((a, b) => a.from - b.from);
          expect(here[0]!.from).toBe(0);
          expect(here.at(-1)!.to).toBeCloseTo(1, 9);
          here.slice(1).forEach((bar, i) => {
            expect(bar.from).toBeCloseTo(here[i]!.to, 9);
          });
        }
      }),
      { seed: 16, numRuns: 30 },
    );
  });

  it('a folded part has no bars below it', () => {
    const root = partsOf('net', profile.layers, 'params');
    const folded = root.parts[1]!;
    const names = barsOf(root, 0, new Set([folded.key])).map(({ part }) => part.name);
    expect(names).toContain('layer1');
    expect(names).not.toContain('layer1.0');
    expect(names).toContain('layer2.0');
  });
});

describe('completion', () => {
  const schema = configSchema() as ConfigSchema;
  /** The cursor stands at |. */
  const labels = (text: string, explicit = true): readonly string[] => {
    const pos = text.indexOf('|');
    const found = completionsAt(text.replace('|', ''), pos, schema, explicit);
    return found?.options.map(({ label }) => label) ?? [];
  };

  it.each([
    ['family: |', 'densenet'],
    ['|', 'family'],
    ['|', 'layers'],
    ['family: vovnet\ngr|', 'growth'],
    ['family: vovnet\nattention: |', 'last'],
    ['family: vovnet\ndepthwise: |', 'true'],
    ['layers:\n  - |', 'convNorm'],
    ['layers:\n  - { |', 'osa'],
    ['layers:\n  - { conv: { channels: 8 }, |', 'stage'],
    ['layers:\n  - { conv: { |', 'channels'],
    ['layers:\n  - { osa: { layers: 3, attention: |', 'ese'],
    ['layers:\n  - conv:\n      |', 'kernel'],
    ['layers:\n  - osa:\n      attention: |', 'ese'],
  ])('%j offers %s', (text, wanted) => {
    expect(labels(text)).toContain(wanted);
  });

  it.each([['family: vovnet # |'], ['family: vovnet\nlayers: |'], ['name: |'], ['layers:\n  - { conv: { channels: |']])(
    '%j offers nothing',
    (text) => {
      expect(labels(text)).toEqual([]);
    },
  );

  it('waits for a word unless it is asked for', () => {
    expect(labels('|', false)).toEqual([]);
    expect(labels('fam|', false)).toContain('family');
  });
});
