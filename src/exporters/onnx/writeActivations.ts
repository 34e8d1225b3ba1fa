// Writes activations that ONNX lacks as several ONNX ops.

import { float, type NodeWriter } from './writeDraft.js';

export function relu6(writer: NodeWriter): void {
  writer.result('Clip', [writer.x, writer.floats('min', [0], []), writer.floats('max', [6], [])]);
}

export function silu(writer: NodeWriter): void {
  writer.result('Mul', [writer.x, writer.step('Sigmoid', [writer.x])]);
}

/** x (1 + erf(x / sqrt 2)) / 2: ONNX has an op for it only from opset 20. */
export function gelu(writer: NodeWriter): void {
  const scaled = writer.step('Div', [writer.x, writer.floats('root', [Math.SQRT2], [])]);
  const grown = writer.step('Add', [writer.step('Erf', [scaled]), writer.floats('one', [1], [])]);
  writer.result('Mul', [writer.step('Mul', [writer.x, grown]), writer.floats('half', [0.5], [])]);
}

export function leakyRelu(writer: NodeWriter): void {
  writer.result('LeakyRelu', [writer.x], { alpha: float(writer.values['slope'] as number) });
}
