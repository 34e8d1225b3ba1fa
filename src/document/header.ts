// The keys that every config may have beside its network: a name and the size of the images.

import * as z from 'zod';
import type { ImageSize } from '../families/family.js';
import type { Wording } from './parseText.js';
import { name, NAME_PHRASE } from './rules.js';

/** The message for a text that is not a config. */
export const WORDING: Wording = { kind: 'a config', start: 'name a family, or list layers' };

const side = z.int().min(1);

export const HEADER = {
  $schema: z.string().meta({ description: 'where an editor finds this schema; read by nothing else' }).optional(),
  name: name.meta({ description: "the model's name in every table; the file's name where there is none" }).optional(),
  input: z
    .union([
      z.string().regex(/^[1-9]\d{0,8}x[1-9]\d{0,8}x[1-9]\d{0,8}$/),
      z.strictObject({ channels: side, height: side, width: side }),
    ])
    .meta({ description: 'channels, height and width of the images: 3x224x224', examples: ['3x224x224'] }),
};

/** What completes "name must be ..." and "input must be ...". */
export const HEADER_PHRASES = {
  $schema: 'the address of a JSON Schema, as text',
  name: NAME_PHRASE,
  input: 'channels x height x width, as in 3x224x224 or { channels: 3, height: 224, width: 224 }',
};

export type GivenInput = z.infer<typeof HEADER.input>;

/** [C, H, W]. */
export function imageSize(given: GivenInput): ImageSize {
  if (typeof given !== 'string') return [given.channels, given.height, given.width];
  const [channels, height, width] = given.split('x').map(Number);
  return [channels!, height!, width!];
}
