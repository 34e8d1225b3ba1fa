// Writes activations that ONNX lacks as several ONNX ops.

import { float, type Spot } from './writeDraft.js';

export function relu6(spot: Spot): void {
  spot.result('Clip', [spot.x, spot.floats('min', [0], []), spot.floats('max', [6], [])]);
}

export function silu(spot: Spot): void {
  spot.result('Mul', [spot.x, spot.step('Sigmoid', [spot.x])]);
}

/** x (1 + erf(x / sqrt 2)) / 2: ONNX has an op for it only from opset 20. */
export function gelu(spot: Spot): void {
  const scaled = spot.step('Div', [spot.x, spot.floats('root', [Math.SQRT2], [])]);
  const grown = spot.step('Add', [spot.step('Erf', [scaled]), spot.floats('one', [1], [])]);
  spot.result('Mul', [spot.step('Mul', [spot.x, grown]), spot.floats('half', [0.5], [])]);
}

export function leakyRelu(spot: Spot): void {
  spot.result('LeakyRelu', [spot.x], { alpha: float(spot.values['slope'] as number) });
}
