// Which model did the user name? A built-in one, or a config file; nothing else is read.

import { builtIn, isBuiltIn } from '../src/builtIn.js';
import type { ImageSize } from '../src/families/family.js';
import { InputError } from '../src/inputError.js';
import { graphOf, type Model } from '../src/model.js';
import { profile, type Profile } from '../src/profile.js';
import { readText } from './readText.js';

const CONFIG = /\.(ya?ml|json)$/i;
/** What looks like a path rather than a name. */
const PATH = /[/\\]|\.[A-Za-z]+$/;

/** @throws InputError for an unknown name, with the nearest ones, and for a file that cannot be read or understood */
export async function modelNamed(name: string): Promise<Model> {
  if (isBuiltIn(name)) return builtIn(name);
  if (!PATH.test(name)) return builtIn(name);
  if (!CONFIG.test(name))
    throw new InputError(
      `${name}: is no file that flopscope reads; give a .yaml, .yml or .json config, or a built-in name`,
    );
  const text = await readText(name);
  const { readConfig } = await import('../src/formats/config/readConfig.js');
  return readConfig(text, name);
}

/** The model's counts at a batch, and at `--input` where it was given. */
export function profileAt(
  model: Model,
  n: number | undefined,
  input: string | undefined,
  bytesPerElement?: number,
): Profile {
  const graph = graphOf(model, n, imageSize(input, model));
  return profile(graph, { source: model.source, ...(bytesPerElement === undefined ? {} : { bytesPerElement }) });
}

/** Three positive integers joined by x. */
export function imageSize(text: string | undefined, model: Model): ImageSize {
  if (text === undefined) return model.input;
  const sides = text.split('x').map((side) => (/^\d+$/.test(side) ? Number(side) : NaN));
  const [c, h, w] = sides;
  if (sides.length !== 3 || !sides.every((side) => Number.isSafeInteger(side) && side > 0))
    throw new InputError(`--input ${text} is not CxHxW: give three whole numbers, as in --input 3x224x224`);
  return [c!, h!, w!];
}
