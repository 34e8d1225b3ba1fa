// Does the studio count as the library does? What was counted while a text was read is not counted again.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { count } from '../../../reports/studio/core/count.js';
import { configOf } from '../../../reports/studio/core/config.js';
import { OWN, type Options } from '../../../reports/studio/state/state.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const counted = (text: string, options: Partial<Options> = {}) =>
  count({ source: { kind: 'yaml', name: 'net.yaml', text }, options: { ...OWN, ...options }, files: [] });

describe.each([
  ['a family', configOf('vovnet39')],
  ['layers', readFileSync('fixtures/configs/own-backbone.yaml', 'utf8')],
])('a config of %s', (_, text) => {
  const model = readConfig(text, 'net.yaml');

  it('counts as the library', async () => {
    const { profile: found } = await counted(text);
    expect(found).toEqual(profile(graphOf(model), { source: 'config' }));
  });

  it.each([1, 2, 4])('counts as the library at %i bytes, another batch and size', async (bytes) => {
    const [channels] = model.input;
    const { profile: found } = await counted(text, { bytes, batch: 3, input: `${channels}x128x96` });
    const graph = graphOf(model, 3, [channels, 128, 96]);
    expect(found).toEqual(profile(graph, { source: 'config', bytesPerElement: bytes }));
  });
});
