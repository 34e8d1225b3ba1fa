// flopscope compare: what sets models apart?

import { compareSheet } from '../../reports/compareSheet.js';
import { compare } from '../../src/compare.js';
import { graphOf } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';
import { print, type Format } from '../format.js';
import { imageSize, modelNamed } from '../model.js';
import type { Screen } from '../screen.js';

export interface CompareOptions {
  readonly input?: string;
  readonly batch: number;
  readonly bytesPerElement: number;
  readonly format: Format;
}

export async function compareCommand(names: readonly string[], options: CompareOptions, screen: Screen): Promise<void> {
  const profiles: Profile[] = [];
  for (const name of names) {
    const model = await modelNamed(name);
    const graph = graphOf(model, options.batch, imageSize(options.input, model));
    profiles.push(profile(graph, { source: model.source, bytesPerElement: options.bytesPerElement }));
  }
  const result = compare(profiles as [Profile, ...Profile[]]);
  await print(options.format, result, () => compareSheet(result), screen);
}
