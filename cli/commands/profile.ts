// flopscope profile: what does each layer of a model cost?

import { profileSheet } from '../../reports/profileSheet.js';
import type { ProfileView } from '../../reports/profileView.js';
import { graphOf } from '../../src/model.js';
import { groupBy, profile } from '../../src/profile.js';
import { print, type Format } from '../format.js';
import { imageSize, modelNamed } from '../model.js';
import type { Screen } from '../screen.js';

export interface ProfileOptions extends ProfileView {
  readonly input?: string;
  readonly batch: number;
  readonly bytesPerElement: number;
  readonly format: Format;
}

export async function profileCommand(name: string, options: ProfileOptions, screen: Screen): Promise<void> {
  const model = await modelNamed(name);
  const graph = graphOf(model, options.batch, imageSize(options.input, model));
  const result = profile(graph, { source: model.source, bytesPerElement: options.bytesPerElement });
  const { by } = options;
  const json = by === 'layer' ? result : { ...result, groups: groupBy(result.layers, by) };
  await print(options.format, json, () => profileSheet(result, options), screen);
}
