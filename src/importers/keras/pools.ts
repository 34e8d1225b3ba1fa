// Rows of the pools of Keras, along one, two or three sides.

import type { Value } from '../../graph.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { imagePadding, paddingOf, pairOf, perSide } from './windows.js';

type Kind = 'max' | 'avg';

/** `strides` are the window's own sides where nothing is said. */
export const pooling =
  (kind: Kind, sides: number): KerasRow =>
  (call) => {
    const { settings } = call;
    const x = call.spatial(sides);
    const kernel = perSide(settings, 'pool_size', sides, 2);
    const stride = perSide(settings, 'strides', sides, kernel);
    const padding = paddingOf(settings, x.shape.slice(2), { kernel, stride, dilation: kernel.map(() => 1) });
    return pooled(call, kind, x, kernel, stride, padding);
  };

function pooled(
  call: LayerCall,
  kind: Kind,
  x: Value,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
): Value {
  const lists = { kernel: [...kernel], stride: [...stride], padding: [...padding] };
  const pairs = { kernel: pairOf(kernel), stride: pairOf(stride), padding: imagePadding(padding) };
  const mean = { countIncludePad: false };
  switch (kernel.length) {
    case 1:
      return call.marked(
        kind === 'max' ? call.apply('maxPool1d', '', x, lists) : call.apply('avgPool1d', '', x, { ...lists, ...mean }),
      );
    case 2:
      return kind === 'max' ? call.apply('maxPool', '', x, pairs) : call.apply('avgPool', '', x, { ...pairs, ...mean });
    default:
      return kind === 'max'
        ? call.apply('maxPool3d', '', x, lists)
        : call.apply('avgPool3d', '', x, { ...lists, ...mean });
  }
}

export const globalPooling =
  (kind: Kind, sides: number): KerasRow =>
  (call) => {
    const x = call.spatial(sides);
    const made = call.apply(kind === 'max' ? 'globalMaxPool' : 'globalAvgPool', '', x);
    if (!call.settings.flag('keepdims', false)) return call.apply('flatten', 'flatten', made);
    return sides === 1 ? call.marked(made) : made;
  };

export const adaptivePooling =
  (kind: Kind, sides: number): KerasRow =>
  (call) => {
    const x = call.spatial(sides);
    const size = [...perSide(call.settings, 'output_size', sides)];
    switch (sides) {
      case 1:
        return call.marked(call.apply(kind === 'max' ? 'adaptiveMaxPool1d' : 'adaptiveAvgPool1d', '', x, { size }));
      case 2:
        return kind === 'max'
          ? call.apply('adaptiveMaxPool2d', '', x, { size })
          : call.apply('adaptiveAvgPool', '', x, { size: pairOf(size) });
      default:
        return call.apply(kind === 'max' ? 'adaptiveMaxPool3d' : 'adaptiveAvgPool3d', '', x, { size });
    }
  };
