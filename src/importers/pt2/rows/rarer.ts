// Rows of ops that few networks have: joins, diagonals, distances, losses, single steps, masks.

import { add, equal, isNumber, product, sub, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import type { OpName } from '../../../ops/table.js';
import { elements, showShape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { constant, isConstant } from '../../kit/operand.js';
import { DataDependent, Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import { regrouped } from '../../kit/moves.js';
import { ordered } from './arrangement.js';

const x = (aten: Aten): Value => aten.data(aten.has('self') ? 'self' : 'input');

const each =
  (op: OpName): AtenRow =>
  (aten) =>
    aten.apply(op, x(aten));

/** Tensors of fewer sides get sides of 1 in front; dstack adds the third one behind. */
const joined =
  (axis: 0 | 1 | 2): AtenRow =>
  (aten) => {
    const values = aten.list('tensors').map((value, i) => {
      const { shape } = value;
      const sides =
        axis === 1
          ? shape.length === 0
            ? [1]
            : shape
          : shape.length === 0
            ? new Array<Dim>(axis + 1).fill(1)
            : shape.length === 1
              ? [1, ...shape, ...(axis === 2 ? [1] : [])]
              : axis === 2 && shape.length === 2
                ? [...shape, 1]
                : shape;
      return regrouped(aten, value, sides, `part${i}`);
    });
    const [first] = values;
    if (!first) throw aten.missing('tensors');
    const along = axis === 1 && first.shape.length === 1 ? 0 : axis;
    return values.length === 1 ? first : aten.apply('concat', values, { axis: along });
  };

/** Lists beside each other as the columns of a matrix. */
const columns: AtenRow = (aten) => {
  const values = aten
    .list('tensors')
    .map((value, i) => (value.shape.length > 1 ? value : regrouped(aten, value, [value.shape[0] ?? 1, 1], `part${i}`)));
  if (values.length === 0) throw aten.missing('tensors');
  return values.length === 1 ? values[0]! : aten.apply('concat', values, { axis: 1 });
};

const atLeast =
  (rank: 1 | 2 | 3): AtenRow =>
  (aten) => {
    const value = x(aten);
    const { length } = value.shape;
    if (length >= rank) return value;
    const front = rank === 3 && length > 0 ? 2 - length : rank - length;
    const behind = rank - length - front;
    return regrouped(aten, value, [
      ...new Array<Dim>(front).fill(1),
      ...value.shape,
      ...new Array<Dim>(behind).fill(1),
    ]);
  };

const flat: AtenRow = (aten) => regrouped(aten, x(aten), [elements(x(aten).shape)]);

/** Quarter turns of two sides. */
function turned(aten: Aten): Results {
  const value = x(aten);
  const [a = 0, b = 1] = (aten.wholes('dims') ?? [0, 1]).map((axis) => aten.axis(axis, value));
  const quarters = ((aten.whole('k', 1) % 4) + 4) % 4;
  if (quarters === 0) return value;
  if (quarters === 2) return aten.apply('flip', value, { axes: [a, b] });
  const mirrored = aten.apply('flip', value, { axes: [quarters === 1 ? b : a] }, {}, 'mirrored');
  return ordered(
    aten,
    mirrored,
    value.shape.map((_, i) => (i === a ? b : i === b ? a : i)),
  );
}

/** Two sides become one: the elements whose two indices differ by the offset. */
function diagonal(aten: Aten): Results {
  const value = x(aten);
  const [first, second] = [aten.whole('dim1', 0), aten.whole('dim2', 1)].map((axis) => aten.axis(axis, value));
  const offset = aten.whole('offset', 0);
  const [rows, length] = [value.shape[first!]!, value.shape[second!]!];
  if (!isNumber(rows) || !isNumber(length)) throw new Uncounted('its sides depend on the size of the image');
  const count = Math.min(offset < 0 ? rows + offset : rows, offset > 0 ? length - offset : length);
  if (count < 1) throw new InputError(`it has no diagonal at ${offset} in ${showShape(value.shape)}`);
  const kept = value.shape.map((_, i) => i).filter((i) => i !== first && i !== second);
  const front = ordered(aten, value, [first!, second!, ...kept], 'front');
  const taken = aten.apply('gatherNd', front, { shape: [count, 2] }, {}, kept.length === 0 ? '' : 'taken');
  const order = taken.shape.map((_, i) => (i + 1) % taken.shape.length);
  return kept.length === 0 ? taken : ordered(aten, taken, order);
}

/** A list becomes the diagonal of a matrix of zeros; a matrix becomes its diagonal. */
function diagonalOf(aten: Aten): Results {
  if (aten.name === 'diag' && x(aten).shape.length === 2) return diagonal(aten);
  const value = aten.name === 'diagflat' ? regrouped(aten, x(aten), [elements(x(aten).shape)], 'flat') : x(aten);
  const side = add(value.shape.at(-1) ?? 1, Math.abs(aten.whole('offset', 0)));
  const zeros = aten.apply('constant', [], { shape: [...value.shape.slice(0, -1), side, side] }, {}, 'zeros');
  return aten.apply('scatter', [zeros, value]);
}

/** Every element of one list with every element of another. */
function outer(aten: Aten): Results {
  const second = aten.data(aten.has('vec2') ? 'vec2' : 'other');
  const column = aten.apply('view', x(aten), { shape: [elements(x(aten).shape), 1] }, {}, 'column');
  return aten.apply('multiply', [
    column,
    aten.apply('view', second, { shape: [1, elements(second.shape)] }, {}, 'row'),
  ]);
}

/** Operates on two tensors element by element, then sums along a side. */
function distance(aten: Aten): Results {
  const [first, second] = [aten.data('x1'), aten.data('x2')];
  const cosine = aten.name === 'cosine_similarity';
  const rank = Math.max(first.shape.length, second.shape.length);
  const given = aten.whole('dim', cosine ? 1 : -1);
  const axes = [given < 0 ? given + rank : given];
  const keep = aten.flag('keepdim', false);
  if (!cosine) {
    const difference = aten.apply('subtract', [first, second], {}, {}, 'difference');
    return aten.apply('reduce', difference, { axes, mode: 'norm', keep });
  }
  const dot = aten.apply('multiply', [first, second], {}, {}, 'products');
  const sum = aten.apply('reduce', dot, { axes, mode: 'sum', keep: false }, {}, 'dot');
  const norms = [first, second].map((value, i) =>
    aten.apply('reduce', value, { axes, mode: 'norm', keep: false }, {}, `norm${i + 1}`),
  );
  return aten.apply('divide', [sum, aten.apply('multiply', norms, {}, {}, 'norms')]);
}

/** The distance of each row of one matrix to each row of another, computed by a matrix product. */
function distances(aten: Aten): Results {
  const made = aten.apply('matmul', [aten.data('x1'), aten.data('x2')], { transposeSecond: true }, {}, 'products');
  return aten.apply('squareRoot', made);
}

const LOSSES: Readonly<Record<string, 'subtract' | 'squaredDifference' | 'multiply'>> = {
  ...{ mse_loss: 'squaredDifference', l1_loss: 'subtract', smooth_l1_loss: 'subtract', huber_loss: 'subtract' },
  ...{ binary_cross_entropy: 'multiply', binary_cross_entropy_with_logits: 'multiply', kl_div: 'multiply' },
};

/** One operation on each element and its target, then a mean or a sum. */
function loss(aten: Aten): Results {
  const reduction = aten.whole('reduction', 1);
  const made = aten.apply(LOSSES[aten.name]!, [x(aten), aten.data('target')], {}, {}, reduction === 0 ? '' : 'each');
  if (reduction === 0) return made;
  const axes = made.shape.map((_, i) => i);
  return aten.apply('reduce', made, { axes, mode: reduction === 1 ? 'mean' : 'sum', keep: false });
}

/** The logarithm of the probability of the target class. */
function classLoss(aten: Aten): Results {
  const value = x(aten);
  const axis = value.shape.length === 1 ? 0 : 1;
  const logs = aten.name === 'cross_entropy_loss' ? aten.apply('logSoftmax', value, { axis }, {}, 'log') : value;
  const picked = aten.apply('reduce', logs, { axes: [axis], mode: 'sum', keep: false }, {}, 'picked');
  if (aten.whole('reduction', 1) === 0) return picked;
  return aten.apply('reduce', picked, { axes: picked.shape.map((_, i) => i), mode: 'mean', keep: false });
}

/** One step of a recurrent layer: products of the input and of the state with their weights. */
const cell =
  (kind: 'lstm' | 'gru' | 'simple'): AtenRow =>
  (aten) => {
    const states = kind === 'lstm' ? aten.list('hx') : [aten.data('hx')];
    const [hidden, memory] = states;
    const multiplied = (value: Value, weights: string, biases: string): Value => {
      const weight = aten.weight(weights, 'weights');
      const bias = aten.optional(biases, 'biases');
      const given = { features: weight.shape[0]!, bias: bias !== undefined };
      return aten.apply('linear', value, given, { weight, bias }, biases === 'b_ih' ? 'input' : 'state');
    };
    if (!hidden) throw aten.missing('hx');
    const input = multiplied(aten.data('input'), 'w_ih', 'b_ih');
    const gates = aten.apply('add', [input, multiplied(hidden, 'w_hh', 'b_hh')], {}, {}, 'gates');
    if (kind === 'simple') return aten.apply('tanh', gates);
    const open = aten.apply('sigmoid', gates, {}, {}, 'open');
    const own = hidden.shape.at(-1)!;
    const sizes = new Array<Dim>(kind === 'lstm' ? 4 : 3).fill(own);
    const [first, second] = [0, 1].map((part) =>
      aten.apply('split', open, { sizes, part }, {}, part === 0 ? 'keep' : 'take'),
    );
    const kept = aten.apply('multiply', [first!, memory ?? hidden], {}, {}, 'kept');
    if (kind === 'gru') return aten.apply('add', [kept, second!]);
    const next = aten.apply('add', [kept, second!], {}, {}, 'memory');
    return [aten.apply('multiply', [aten.apply('tanh', next, {}, {}, 'shown'), second!]), next];
  };

/** Rows of a learnt table, summed for each bag. */
function embeddingBag(aten: Aten): Results {
  const table = aten.weight('weight', 'rows');
  const indices = aten.data('indices');
  const [entries, features] = table.shape;
  const rows = aten.apply('embedding', indices, { entries: entries!, features: features! }, { weight: table }, 'rows');
  if (indices.shape.length === 2) return aten.apply('reduce', rows, { axes: [1], mode: 'sum', keep: false });
  const bags = aten.operand('offsets')?.shape[0];
  if (bags === undefined) throw aten.missing('offsets');
  const zeros = aten.apply('constant', [], { shape: [bags, features!] }, {}, 'zeros');
  return [aten.apply('scatter', [zeros, rows], { mode: 'add' }), ...[1, 2, 3].map(() => constant('int', [bags]))];
}

/** as_strided: a view of the input's elements with sides that the call states. */
function strided(aten: Aten): Results {
  const value = x(aten);
  const sides = aten.someSizes('size');
  if (equal(product(sides), elements(value.shape))) return regrouped(aten, value, sides);
  const list = regrouped(aten, value, [elements(value.shape)], 'flat');
  return aten.apply('gather', list, { axis: 0, shape: [...sides] });
}

/** The k-th smallest element, or the median: counted as a sort. */
const found: AtenRow = (aten) => {
  const value = x(aten);
  if (!aten.has('dim')) {
    const list = regrouped(aten, value, [elements(value.shape)], 'flat');
    const sorted = aten.apply('sort', list, { axis: 0 }, {}, 'sorted');
    return aten.apply('view', aten.apply('slice', sorted, { begin: [0], size: [1], step: [1] }, {}, 'one'), {
      shape: [],
    });
  }
  const axis = aten.axis(aten.whole('dim'), value);
  const keep = aten.flag('keepdim', false);
  const alone = aten.name.endsWith('quantile');
  if (alone && aten.argument('q')?.kind === 'tensor') throw new Uncounted('it takes several shares at once');
  const one = (output: 'values' | 'indices', part: string): Value => {
    const made = aten.apply('topK', value, { k: 1, axis, output }, {}, keep ? part : `${part}kept`);
    return keep ? made : regrouped(aten, made, value.shape.toSpliced(axis, 1), part);
  };
  if (alone) return one('values', '');
  return [aten.isRead(0) ? one('values', '') : undefined, aten.isRead(1) ? one('indices', 'places') : undefined];
};

const running =
  (mode: 'max' | 'min' | 'sum'): AtenRow =>
  (aten) => {
    const value = x(aten);
    const made = aten.apply('cumSum', value, { axis: aten.axis(aten.whole('dim'), value), mode });
    return aten.name === 'logcumsumexp' ? made : [made, made];
  };

/** Weight normalization: the weight is g v / |v|. */
const weightNorm: AtenRow = (aten) => {
  const direction = aten.data('v');
  const made = aten.apply('multiply', [direction, aten.data('g')]);
  return aten.name === '_weight_norm' ? made : [made, aten.operand('g')];
};

function difference(aten: Aten): Results {
  let value = x(aten);
  const axis = aten.axis(aten.whole('dim', -1), value);
  const times = aten.whole('n', 1);
  if (times > 16) throw new Uncounted(`it takes differences ${times} times`);
  for (let i = 0; i < times; i++) {
    const size = value.shape.with(axis, sub(value.shape[axis]!, 1));
    const part = (first: number): Value =>
      aten.apply(
        'slice',
        value,
        { begin: size.map((_, at) => (at === axis ? first : 0)), size, step: size.map(() => 1) },
        {},
        `part${i}_${first}`,
      );
    value = aten.apply('subtract', [part(1), part(0)], {}, {}, i === times - 1 ? '' : `difference${i}`);
  }
  return value;
}

/** Expands all tensors to the sides that they broadcast to. */
function broadcastTogether(aten: Aten): Results {
  const values = aten.list('tensors');
  const rank = Math.max(0, ...values.map(({ shape }) => shape.length));
  const sides = Array.from({ length: rank }, (_, i) =>
    values.reduce<Dim>((all, { shape }) => {
      const side = shape[i - rank + shape.length] ?? 1;
      return side === 1 ? all : side;
    }, 1),
  );
  return values.map((value, i) => {
    const same = value.shape.length === rank && sides.every((side, at) => equal(side, value.shape[at]!));
    return same ? value : aten.apply('expand', value, { shape: sides }, {}, String(i));
  });
}

const dependent =
  (why: string): AtenRow =>
  () => {
    throw new DataDependent(why);
  };

const takenAlong: AtenRow = (aten) => {
  const value = x(aten);
  const axis = aten.has('dim') ? aten.axis(aten.whole('dim'), value) : 0;
  return aten.apply('gatherElements', [value, aten.data('indices')], { axis });
};

const taken: AtenRow = (aten) => {
  const list = regrouped(aten, x(aten), [elements(x(aten).shape)], 'flat');
  const places = aten.operand('index')!;
  return isConstant(places)
    ? aten.apply('gather', list, { axis: 0, shape: places.shape })
    : aten.apply('gather', [list, places], { axis: 0 });
};

function oneHot(aten: Aten): Results {
  const value = x(aten);
  const depth = aten.size('num_classes', -1);
  if (depth === -1) throw new DataDependent('how many classes there are is known when it runs');
  return aten.apply('oneHot', value, { depth, axis: value.shape.length });
}

/** Indices of the elements below or above the diagonal of a matrix, [2, count]. */
const triangle: AtenRow = (aten) => {
  const [rows, cols, offset] = [aten.whole('row'), aten.whole('col'), aten.whole('offset', 0)];
  const lower = aten.name === 'tril_indices';
  let count = 0;
  if (!(rows * cols <= 2 ** 40) || rows > 1_000_000) throw new InputError(`it makes a triangle of ${rows} x ${cols}`);
  for (let i = 0; i < rows; i++) {
    const below = Math.max(0, Math.min(cols, i + offset + (lower ? 1 : 0)));
    count += lower ? below : cols - below;
  }
  return constant('int', [2, count]);
};

const numbered =
  (name: string): AtenRow =>
  (aten) =>
    constant('int', [aten.size(name)]);

const summed =
  (mode: 'sum' | 'mean'): AtenRow =>
  (aten) =>
    aten.apply('reduce', x(aten), { axes: aten.axes('dim', x(aten)), mode, keep: aten.flag('keepdim', false) });

export const RARER: AtenRows = {
  ...{ hstack: joined(1), vstack: joined(0), row_stack: joined(0), dstack: joined(2), column_stack: columns },
  ...{ atleast_1d: atLeast(1), atleast_2d: atLeast(2), atleast_3d: atLeast(3) },
  ravel: flat,
  rot90: turned,
  ...{ diagonal, linalg_diagonal: diagonal, diag: diagonalOf, diag_embed: diagonalOf, diagflat: diagonalOf },
  ...{ outer, ger: outer },
  ...{ cosine_similarity: distance, pairwise_distance: distance },
  ...{ cdist: distances, _cdist_forward: distances, _euclidean_dist: distances },
  ...Object.fromEntries(Object.keys(LOSSES).map((name) => [name, loss])),
  ...{ cross_entropy_loss: classLoss, nll_loss: classLoss, nll_loss2d: classLoss, nll_loss_nd: classLoss },
  ...{ lstm_cell: cell('lstm'), gru_cell: cell('gru'), rnn_tanh_cell: cell('simple'), rnn_relu_cell: cell('simple') },
  ...{ embedding_bag: embeddingBag, _embedding_bag: embeddingBag, _embedding_bag_forward_only: embeddingBag },
  as_strided: strided,
  _reshape_alias: strided,
  ...{ kthvalue: found, median: found, nanmedian: found, mode: found, quantile: found, nanquantile: found },
  ...{ cummax: running('max'), cummin: running('min'), logcumsumexp: running('sum') },
  diff: difference,
  ...{ _weight_norm: weightNorm, _weight_norm_interface: weightNorm },
  broadcast_tensors: broadcastTogether,
  ...{ take_along_dim: takenAlong, take: taken },
  one_hot: oneHot,
  ...{ tril_indices: triangle, triu_indices: triangle, randperm: numbered('n') },
  ...Object.fromEntries(
    ['hamming', 'blackman', 'bartlett', 'kaiser'].map((name) => [`${name}_window`, numbered('window_length')]),
  ),
  randint: (aten) => constant('int', aten.someSizes('size')),
  ...Object.fromEntries(
    ['randint_like', 'normal_functional', 'bernoulli', 'uniform', 'exponential', 'random'].map((name) => [
      name,
      (aten: Aten) => constant('float', (aten.operand('self') ?? x(aten)).shape),
    ]),
  ),
  ...Object.fromEntries(
    ['nonzero', 'argwhere', 'masked_select', 'unique_consecutive', 'unique_dim', '_unique', '_unique2'].map((name) => [
      name,
      dependent('how many elements it gives is known when it runs'),
    ]),
  ),
  ...{ nansum: summed('sum'), nanmean: summed('mean'), count_nonzero: summed('sum'), trace: summed('sum') },
  aminmax: (aten) => {
    const axes = aten.axes('dim', x(aten));
    const keep = aten.flag('keepdim', false);
    return (['min', 'max'] as const).map((mode) => aten.apply('reduce', x(aten), { axes, mode, keep }, {}, mode));
  },
  ...{ bucketize: each('quantize'), searchsorted: (aten) => aten.apply('quantize', aten.data('self')) },
  nan_to_num: (aten) => aten.apply('clip', x(aten), { least: -3.4028234663852886e38, most: 3.4028234663852886e38 }),
  ...{ isfinite: each('isInfinite'), isneginf: each('isInfinite'), isposinf: each('isInfinite') },
  ...{ erfc: each('erf'), logit: each('logarithm'), frac: each('truncate'), signbit: each('sign') },
  ...{ special_expit: each('sigmoid'), special_erf: each('erf'), special_log1p: each('logarithmOnePlus') },
  ...{ special_expm1: each('exponentialMinusOne'), special_exp2: each('exponential') },
  ...{ arcsin: each('arcSine'), arccos: each('arcCosine'), arctan: each('arcTangent') },
  ...{ arcsinh: each('inverseHyperbolicSine'), arccosh: each('inverseHyperbolicCosine') },
  arctanh: each('inverseHyperbolicTangent'),
  ...{ deg2rad: (aten) => scaledBy(aten), rad2deg: (aten) => scaledBy(aten) },
  linalg_matmul: (aten) => aten.apply('matmul', [aten.data('self'), aten.data('other')]),
  linalg_vecdot: (aten) => {
    const products = aten.apply('multiply', [aten.data('x'), aten.data('y')], {}, {}, 'products');
    const axis = aten.axis(aten.whole('dim', -1), products);
    return aten.apply('reduce', products, { axes: [axis], mode: 'sum', keep: false });
  },
  ...{ not_equal: beside('notEqual'), greater: beside('greater'), greater_equal: beside('greaterOrEqual') },
  ...{ less: beside('less'), less_equal: beside('lessOrEqual'), arctan2: beside('arcTangent2') },
  ...{ __and__: beside('and'), __or__: beside('or'), __xor__: beside('exclusiveOr') },
  ...{ bitwise_right_shift: beside('floorDivide'), bitwise_left_shift: beside('multiply') },
  ...{ xlogy: beside('multiply'), copysign: beside('multiply'), hypot: beside('squaredDifference') },
  ...{ float_power: beside('powerOf'), logaddexp: beside('add'), heaviside: beside('greater') },
  fractional_max_pool2d: (aten) => {
    const [height = 1, width = height] = aten.wholes('output_size') ?? [];
    const made = aten.apply('adaptiveMaxPool2d', x(aten), { size: [height, width] });
    return [made, constant('int', made.shape)];
  },
};

function scaledBy(aten: Aten): Results {
  return aten.apply('scaleBy', x(aten), { shape: [1], learnt: false });
}

/** Two tensors, or a tensor and a number. */
function beside(op: OpName): AtenRow {
  return (aten) => {
    const name = ['other', 'exponent', 'values'].find((one) => aten.has(one)) ?? 'other';
    if (aten.argument(name)?.kind === 'tensor') return aten.apply(op, [aten.data('self'), aten.data(name)]);
    const number = aten.call.value(constant('float', [1], [aten.size(name, 0)]), `${aten.call.file.name}.number`);
    return aten.apply(op, [aten.data('self'), number]);
  };
}
