// Rows of the rarest keras.ops: reductions without NaN, joins, splits, slices, masks, images.

import { isNumber, mul, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { elements, showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { Uncounted } from '../kit/uncounted.js';
import { layerActivation } from './activations.js';
import { counted, fileSides, sideOf } from './fileSides.js';
import type { KerasRow, LayerCall } from './layerCall.js';
import { combined } from './merging.js';
import * as operations from './operations.js';
import * as slicing from './slicing.js';

const each = (op: OpName): KerasRow => layerActivation((call, x) => call.apply(op, '', x));

const two = ({ inputs }: LayerCall): readonly [Value, Value] => {
  const [a, b] = inputs;
  if (a && b) return [a, b];
  throw new InputError(`it takes two inputs, and has ${inputs.length}`);
};

/** Functions of two tensors, or of one and a number. */
const pairs =
  (op: OpName): KerasRow =>
  (call) => {
    const [a, b] = call.inputs;
    if (!a) throw new InputError('it has no inputs');
    return b ? combined(call, op, '', a, b) : call.apply('shiftBy', '', a, { shape: [1], learnt: false });
  };

/** The largest less the smallest. */
const range: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axes = (call.wholeNumbers('axis') ?? sides.map((_, i) => i)).map((axis) => counted(axis, sides.length));
  const places = axes.map((axis) => call.place(axis, sides.length)).sort((a, b) => a - b);
  const [most, least] = (['max', 'min'] as const).map((mode) =>
    call.apply('reduce', mode, x, { axes: places, mode, keep: true }),
  ) as [Value, Value];
  const made = call.apply('subtract', '', [most, least]);
  if (call.option('keepdims') === true) return made;
  const left = sides.filter((_, i) => !axes.includes(i));
  return call.viewed(made, left.length === 0 ? [1] : left, 'sides');
};

/** Mean and variance. */
const moments: KerasRow = (call): Results => {
  const { x, sides } = fileSides(call);
  const axes = (call.wholeNumbers('axes') ?? []).map((axis) => counted(axis, sides.length));
  const places = axes.map((axis) => call.place(axis, sides.length)).sort((a, b) => a - b);
  const left = call.option('keepdims') === true ? undefined : sides.filter((_, i) => !axes.includes(i));
  return (['mean', 'variance'] as const).map((mode, i) => {
    const made = call.apply('reduce', i === 0 ? '' : mode, x, { axes: places, mode, keep: true });
    return left ? call.viewed(made, left.length === 0 ? [1] : left, `${mode}_sides`) : made;
  });
};

/** One list behind the other along a side; without one both are flattened. */
const appended: KerasRow = (call) => {
  const both = two(call);
  const given = call.wholeNumbers('axis')?.[0];
  if (given === undefined) {
    const lists = both.map((x, i) => call.apply('view', `list${i}`, x, { shape: [elements(x.shape)] }));
    return call.apply('concat', '', lists, { axis: 0 });
  }
  const rank = both[0].shape.length;
  return call.apply('concat', '', both, { axis: call.place(given, rank) });
};

/** Along the third side. */
const inDepth: KerasRow = (call) => {
  const { inputs } = call;
  const rank = inputs[0]?.shape.length ?? 0;
  if (rank < 3) throw new Uncounted('it gives its inputs more sides');
  return call.apply('concat', '', [...inputs], { axis: call.place(2, rank) });
};

/** Mirrored along one side. */
const mirrored =
  (axis: number): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    return call.apply('flip', '', x, { axes: [call.place(counted(axis, sides.length), sides.length)] });
  };

/** Products over the last sides of both. */
const inner: KerasRow = (call) => {
  const [a, b] = two(call).map((x, i) => call.inFileOrder(x, `input${i}`)) as [Value, Value];
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const left = letters.slice(0, a.shape.length - 1);
  const right = letters.slice(a.shape.length - 1, a.shape.length + b.shape.length - 2);
  const made = call.apply('einsum', '', [a, b], { equation: `${left}z,${right}z->${left}${right}` });
  return call.inOurOrder(made, 'result');
};

/** Every element times the whole other tensor, side by side. */
const kronecker: KerasRow = (call) => {
  const [a, b] = two(call).map((x, i) => call.inFileOrder(x, `input${i}`)) as [Value, Value];
  if (a.shape.length !== b.shape.length) throw new Uncounted('its operands have different numbers of sides');
  const spread = (x: Value, first: boolean, part: string): Value =>
    call.apply('view', part, x, { shape: x.shape.flatMap((side): Dim[] => (first ? [side, 1] : [1, side])) });
  const made = call.apply('multiply', '', [spread(a, true, 'blocks'), spread(b, false, 'inside')]);
  return call.viewed(
    made,
    a.shape.map((side, i) => mul(side, b.shape[i]!)),
    'sides',
  );
};

/** One element along a side for each index. */
const takeAlong: KerasRow = (call) => {
  const [x, indices] = two(call);
  const given = call.wholeNumbers('axis')?.[0];
  if (given === undefined) throw new Uncounted('it takes from the flattened input');
  return call.apply('gatherElements', '', [x, indices], { axis: call.place(given, x.shape.length) });
};

/** The sum of a diagonal. */
const trace: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axes = [call.wholeNumbers('axis1')?.[0] ?? 0, call.wholeNumbers('axis2')?.[0] ?? 1].map((axis) =>
    counted(axis, sides.length),
  );
  const left = sides.filter((_, i) => !axes.includes(i));
  const count = sides[axes[0]!]!;
  const rows = call.apply('view', 'front', x, { shape: [mul(count, sides[axes[1]!]!), ...left] });
  const picked = call.apply('gather', 'diagonal', rows, { axis: 0, shape: [count] });
  const made = call.apply('reduce', '', picked, { axes: [0], mode: 'sum', keep: false });
  return left.length > 0 ? call.inOurOrder(made, 'result') : made;
};

/** A part of known sides, that starts where an operand says. */
const sliced: KerasRow = (call) => {
  const { x } = fileSides(call);
  const shape = call.wholeNumbers('shape');
  if (shape?.length !== x.shape.length) throw new Uncounted('it does not say the sides of its part');
  const full = shape.map((side, i): Dim => (i === 0 && side < 1 ? x.shape[0]! : side));
  const data = call.inFileOrder(x, 'input');
  const made = call.apply('slice', '', data, { begin: full.map(() => 0), size: full, step: full.map(() => 1) });
  return call.inOurOrder(made, 'result');
};

/** The first input with some elements replaced. */
const updated: KerasRow = (call) => {
  const [x, ...rest] = call.inputs;
  if (!x) throw new InputError('it has no inputs');
  return call.apply('scatter', '', [x, ...rest.slice(0, 2)]);
};

/** Windows of several sizes, so that the output has the sides that are asked for. */
const adaptivePool =
  (kind: 'max' | 'avg'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const given = call.wholeNumbers('output_size') ?? [];
    if (x.shape.length !== 4) throw new Uncounted(`it pools ${showShape(sides)}, which is no image`);
    const [height = 1, width = height] = given;
    return call.apply(kind === 'max' ? 'adaptiveMaxPool2d' : 'adaptiveAvgPool', '', x, { size: [height, width] });
  };

/** Each sample mixes its neighbours, at places that are computed. */
const warped: KerasRow = (call) => {
  const x = call.image;
  const [n, , h, w] = x.shape as [Dim, Dim, Dim, Dim];
  const places = call.apply('constant', 'places', [], { shape: [1, h, w, 2] });
  const moved = call.apply('expand', 'grid', places, { shape: [n, h, w, 2] });
  const mode = call.text('bilinear', 'interpolation') === 'nearest' ? 'nearest' : 'linear';
  return call.apply('gridSample', '', [x, moved], { mode });
};

/** A separable filter of each channel, by fixed weights. */
const blurred: KerasRow = (call) => {
  const x = call.image;
  const [height = 3, width = height] = call.wholeNumbers('kernel_size') ?? [];
  const channels = x.shape[1]!;
  const weights = call.apply('constant', 'weights', [], { shape: [channels, 1, height, width] });
  const padding: [number, number, number, number] = [
    ...[(height - 1) >> 1, (width - 1) >> 1, height >> 1, width >> 1],
  ] as [number, number, number, number];
  return call.apply('dynamicConv', '', [x, weights], { padding, groups: channels });
};

/** The mean of what lies between neighbours. */
const trapezoid: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axis = sideOf(call, sides.length);
  const place = call.place(axis, sides.length);
  const side = x.shape[place]!;
  const size = x.shape.with(place, isNumber(side) ? side - 1 : sub(side, 1));
  const part = (first: number): Value =>
    call.apply('slice', `part${first}`, x, {
      begin: size.map((_, i) => (i === place ? first : 0)),
      size: [...size],
      step: size.map(() => 1),
    });
  const sum = call.apply('add', 'neighbours', [part(0), part(1)]);
  const made = call.apply('reduce', '', sum, { axes: [place], mode: 'sum', keep: true });
  return call.viewed(
    made,
    sides.filter((_, i) => i !== axis),
    'sides',
  );
};

export const FURTHER: Readonly<Record<string, KerasRow>> = {
  // Without NaN: what they cost is the same.
  Nanmean: operations.reducing('mean'),
  Nansum: operations.reducing('sum'),
  Nanmax: operations.reducing('max'),
  Nanmin: operations.reducing('min'),
  Nanprod: operations.reducing('product'),
  Nanvar: operations.reducing('variance'),
  Nanstd: operations.reducing('deviation'),
  Nanargmax: operations.placing('argMax'),
  Nanargmin: operations.placing('argMin'),
  Nancumsum: operations.cumSum,
  Ptp: range,
  Moments: moments,
  Append: appended,
  Dstack: inDepth,
  ArraySplit: slicing.split,
  ...{ Vsplit: slicing.splitAlong(0), Hsplit: slicing.splitAlong(1), Dsplit: slicing.splitAlong(2) },
  ...{ Fliplr: mirrored(1), Flipud: mirrored(0) },
  ...{ Inner: inner, Kron: kronecker, TakeAlongAxis: takeAlong, Trace: trace },
  ...{ Slice: sliced, SliceUpdate: updated, ScatterUpdate: updated },
  ...{ AdaptiveMaxPool: adaptivePool('max'), AdaptiveAveragePool: adaptivePool('avg') },
  ...{ AffineTransform: warped, PerspectiveTransform: warped, ElasticTransform: warped, GaussianBlur: blurred },
  Trapezoid: trapezoid,
  ...{ Fmax: pairs('maximum'), Fmin: pairs('minimum'), Fmod: pairs('modulo'), DivideNoNan: pairs('divide') },
  ...{ Logaddexp2: pairs('add'), Heaviside: pairs('greater'), Isclose: pairs('equal'), Nextafter: pairs('add') },
  ...{ Gcd: pairs('modulo'), Lcm: pairs('multiply'), Ldexp: pairs('multiply'), Polar: pairs('multiply') },
  ...{ BitwiseLeftShift: pairs('multiply'), LeftShift: pairs('multiply') },
  ...{ BitwiseRightShift: pairs('floorDivide'), RightShift: pairs('floorDivide') },
  ...{ Fabs: each('absolute'), Sinc: each('sine'), I0: each('exponential'), Erfc: each('erf') },
  ...{ Signbit: each('sign'), Isneginf: each('isInfinite'), Isposinf: each('isInfinite'), Isreal: each('not') },
  ...{ BitwiseInvert: each('not'), BitwiseNot: each('not'), Angle: each('arcTangent'), Imag: each('cast') },
  ...{ RGBToHSV: each('cast'), HSVToRGB: each('cast') },
  // Its histograms are not counted: each element is mapped by the tables of its neighbourhood.
  ContrastLimitedAdaptiveHistogramEqualization: each('quantize'),
};
