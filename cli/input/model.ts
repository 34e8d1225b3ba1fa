// Loads the model that a command names, at the batch and the input size of its flags.

import type { ImageSize } from '../../src/families/family.js';
import { InputError } from '../../src/inputError.js';
import { profileOf, type Model } from '../../src/model.js';
import type { Profile } from '../../src/profile.js';

export { modelNamed, modelsNamed, type NameOptions } from '../../src/files/modelNamed.js';

/** The model's counts at a batch, and at `--input` where it was given. */
export const profileAt = (
  model: Model,
  batch: number | undefined,
  input: string | undefined,
  bytesPerElement?: number,
): Profile => profileOf(model, { batch, input: imageSize(input, model), bytesPerElement });

export const imageSize = (text: string | undefined, model: Model): ImageSize =>
  text === undefined ? model.input : sizeIn(text);

/** Three positive integers joined by x. */
export function sizeIn(text: string): ImageSize {
  const sides = text.split('x').map((side) => (/^\d+$/.test(side) ? Number(side) : NaN));
  const [c, h, w] = sides;
  if (sides.length !== 3 || !sides.every((side) => Number.isSafeInteger(side) && side > 0))
    throw new InputError(`--input ${text} is not CxHxW: give three whole numbers, as in --input 3x224x224`);
  return [c!, h!, w!];
}
