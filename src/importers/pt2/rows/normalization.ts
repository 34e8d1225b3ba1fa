// Rows of norms. Learnt scale and shift are parameters, running statistics are not.

import { equal, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import type { Results, Parameters } from '../../kit/call.js';
import type { Constant } from '../../kit/operand.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';

interface Affine {
  readonly scale: Constant | undefined;
  readonly shift: Constant | undefined;
}

const affineOf = (aten: Aten): Affine => ({
  scale: aten.optional('weight', 'scales'),
  shift: aten.optional('bias', 'shifts'),
});

const learntOf = ({ scale, shift }: Affine): Parameters => ({
  ...(scale ? { scale } : {}),
  ...(shift ? { shift } : {}),
});

/**
 * Without running statistics it normalises by the batch's in either mode, which says nothing of the
 * program's.
 */
function batchNorm(aten: Aten): Value {
  const made = plainBatchNorm(aten);
  const trains = NO_TRAINING.has(aten.name) ? false : aten.flag('training', aten.flag('use_input_stats', true));
  return aten.has('running_mean') || !trains ? aten.call.normed(made, trains ? 'train' : 'eval') : made;
}

const NO_TRAINING: ReadonlySet<string> = new Set(['_native_batch_norm_legit_no_training', '_batch_norm_no_update']);

function plainBatchNorm(aten: Aten): Value {
  const x = aten.data('input');
  const affine = affineOf(aten);
  for (const weight of [affine.scale, affine.shift])
    if (weight && !(x.shape.length > 1 && equal(weight.shape[0] ?? 1, x.shape[1]!)))
      throw new InputError(`its scales ${showShape(weight.shape)} do not fit its input ${showShape(x.shape)}`);
  const given = {
    affine: affine.scale !== undefined || affine.shift !== undefined,
    scale: affine.scale !== undefined,
    shift: affine.shift !== undefined,
  };
  return aten.apply('batchNorm', x, given, learntOf(affine));
}

/** The result, and undefined for statistics, which nothing reads in eval mode. */
const first =
  (row: (aten: Aten) => Value): AtenRow =>
  (aten) => [row(aten), undefined, undefined, undefined, undefined];

/** A norm with only a scale or only a shift is a plain norm and a product or a sum. */
function scaledOrShifted(
  aten: Aten,
  normed: (affine: boolean, parameters: Parameters, part: string) => Value,
  sides: readonly Dim[],
): Value {
  const affine = affineOf(aten);
  const { scale, shift } = affine;
  if ((scale === undefined) === (shift === undefined)) return normed(scale !== undefined, learntOf(affine), '');
  const plain = normed(false, {}, 'plain');
  return scale
    ? aten.apply('scaleBy', plain, { shape: sides }, { scale })
    : aten.apply('shiftBy', plain, { shape: sides }, { shift: shift! });
}

/** Over the last sides. */
function layerNorm(aten: Aten): Value {
  const x = aten.data('input');
  const count = (aten.sizes('normalized_shape') ?? []).length;
  const axes = x.shape.map((_, i) => i).slice(x.shape.length - count);
  return scaledOrShifted(
    aten,
    (affine, parameters, part) => aten.apply('layerNorm', x, { axes, affine }, parameters, part),
    axes.map((axis) => x.shape[axis]!),
  );
}

/** Root mean square: it has no shift. */
function rmsNorm(aten: Aten): Value {
  const x = aten.data('input');
  const count = (aten.sizes('normalized_shape') ?? []).length;
  const axes = x.shape.map((_, i) => i).slice(x.shape.length - count);
  const scale = aten.optional('weight', 'scales');
  return aten.apply('rmsNorm', x, { axes, affine: scale !== undefined }, scale ? { scale } : {});
}

function grouped(aten: Aten, groups: Dim): Value {
  const x = aten.data('input');
  const channels = [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
  return scaledOrShifted(
    aten,
    (affine, parameters, part) => aten.apply('groupNorm', x, { groups, affine }, parameters, part),
    channels,
  );
}

/** With running statistics it normalises by those, as a batch norm does. */
function instanceNorm(aten: Aten): Results {
  if (!aten.flag('use_input_stats', true)) return batchNorm(aten);
  const x = aten.data('input');
  if (x.shape.length < 3) return grouped(aten, x.shape[1]!);
  return scaledOrShifted(
    aten,
    (affine, parameters, part) => aten.apply('instanceNorm', x, { affine }, parameters, part),
    [x.shape[1]!, ...x.shape.slice(2).map(() => 1)],
  );
}

/** Local response normalization over neighbouring channels (AlexNet). */
const acrossChannels: AtenRow = (aten) =>
  aten.apply('localResponseNorm', aten.data('input'), { size: aten.whole('size') });

export const NORMS: AtenRows = {
  batch_norm: batchNorm,
  _batch_norm_impl_index: first(batchNorm),
  native_batch_norm: first(batchNorm),
  _native_batch_norm_legit: first(batchNorm),
  _native_batch_norm_legit_no_training: first(batchNorm),
  _native_batch_norm_legit_functional: first(batchNorm),
  _batch_norm_no_update: first(batchNorm),
  _batch_norm_with_update: first(batchNorm),
  _batch_norm_with_update_functional: first(batchNorm),
  cudnn_batch_norm: first(batchNorm),
  miopen_batch_norm: first(batchNorm),
  layer_norm: layerNorm,
  native_layer_norm: first(layerNorm),
  rms_norm: rmsNorm,
  _fused_rms_norm: first(rmsNorm),
  group_norm: (aten) => grouped(aten, aten.size('num_groups')),
  native_group_norm: first((aten) => grouped(aten, aten.size('group'))),
  instance_norm: instanceNorm,
  local_response_norm: acrossChannels,
};
