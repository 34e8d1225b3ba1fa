// Says of two networks what their inputs are, where these differ.

import { imageSides } from '../../src/inputSize.js';
import { by } from '../text/number.js';
import type { Network } from './network.js';

/** ", at 3x32x32 against 3x224x224"; nothing of networks with one input. */
export function inputsOf(a: Network, b: Network): string {
  const [own, other] = [a, b].map(({ input }) => by(imageSides(input)));
  return own === other ? '' : `, at ${own} against ${other}`;
}
