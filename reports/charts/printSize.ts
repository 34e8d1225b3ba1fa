// Reads the width of a figure in a paper: a number with its unit.

import { InputError } from '../../src/inputError.js';

export interface PrintSize {
  readonly width: number;
  readonly unit: Unit;
  /** The width in CSS pixels, 96 to the inch, in which a chart is laid out. */
  readonly pixels: number;
}

const PIXELS_PER = { mm: 96 / 25.4, cm: 96 / 2.54, in: 96, pt: 96 / 72, px: 1 } as const;
type Unit = keyof typeof PIXELS_PER;

/** Narrower, labels lie over each other; wider, no page holds it. */
const [NARROWEST, WIDEST] = [220, 4000];

/** @throws InputError for another text than "85mm", and for a width that no chart can have */
export function printSize(text: string): PrintSize {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/.exec(text) ?? [];
  if (!Object.hasOwn(PIXELS_PER, unit))
    throw new InputError(
      `--figure-width ${text} is no width: write a number and one of ${Object.keys(PIXELS_PER).join(', ')}, as in 85mm`,
    );
  const per = PIXELS_PER[unit as Unit];
  const pixels = Math.round(Number(digits) * per);
  if (pixels < NARROWEST || pixels > WIDEST) {
    const [least, most] = [NARROWEST, WIDEST].map((one) => Math.ceil(one / per));
    throw new InputError(`--figure-width ${text}: charts are drawn from ${least} to ${most} ${unit} wide`);
  }
  return { width: Number(digits), unit: unit as Unit, pixels };
}
