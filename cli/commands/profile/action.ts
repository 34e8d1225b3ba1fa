// flopscope profile: what does each layer of a model cost?

import { profileJson } from '../../../reports/sheets/profileJson.js';
import { profileSheet } from '../../../reports/sheets/profileSheet.js';
import type { ProfileView } from '../../../reports/sheets/profileView.js';
import { print, type Format } from '../../output/format.js';
import { modelNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface ProfileOptions extends ProfileView {
  readonly allowUnknown: boolean;
  readonly input?: string;
  readonly batch?: number;
  readonly bytesPerElement?: number;
  readonly format: Format;
}

export async function profileCommand(name: string, options: ProfileOptions, screen: Screen): Promise<void> {
  const model = await modelNamed(name, options);
  const result = profileAt(model, options.batch, options.input, options.bytesPerElement ?? model.bytesPerElement);
  await print(options.format, profileJson(result, options), () => profileSheet(result, options), screen);
}
