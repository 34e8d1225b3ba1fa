// Rows of Keras attention layers: learnt heads, and plain products of queries, keys, values.

import { mul, product, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import type { LayerCall, KerasRow } from './layerCall.js';

/**
 * Sides of the file in the order in which attention takes them: the batch, sides apart, sides
 * attended, features.
 */
interface Positions {
  readonly order: readonly number[];
  /** How many of them are attended. */
  readonly attended: number;
}

/** All sides between the batch and the features, or those that `attention_axes` lists. */
function positionsOf(call: LayerCall, x: Value): Positions {
  const rank = x.shape.length;
  if (rank < 3) throw new InputError(`it takes positions of features, not ${showShape(x.shape)}`);
  const between = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const axes = call.wholeNumbers('attention_axes')?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? between;
  if (axes.length === 0 || new Set(axes).size < axes.length || !axes.every((axis) => between.includes(axis)))
    throw new InputError(`it attends along sides ${axes.join(', ')} of ${showShape(call.layout.theirs(x.shape))}`);
  const notAttended = between.filter((axis) => !axes.includes(axis));
  return { order: [0, ...notAttended, ...axes, rank - 1], attended: axes.length };
}

const isInOrder = (order: readonly number[]): boolean => order.every((side, i) => side === i);

/** [N, ..., D] as [N, positions, D]; sides that are not attended join the batch. */
function asPositions(call: LayerCall, x: Value, part: string): Value {
  const { order, attended } = positionsOf(call, x);
  const inOrder = call.inFileOrder(x, `${part}.sides`);
  if (inOrder.shape.length === 3) return inOrder;
  const turned = isInOrder(order) ? inOrder : call.apply('transpose', `${part}.turned`, inOrder, { order: [...order] });
  const sides = turned.shape;
  const shape = [product(sides.slice(0, -1 - attended)), product(sides.slice(-1 - attended, -1)), sides.at(-1)!];
  return call.apply('view', `${part}.positions`, turned, { shape });
}

/** Query, value and key: the key is the value where it is not given. */
function operands(call: LayerCall): readonly [Value, Value, Value] {
  const [query, value = query, key = value] = call.inputs;
  if (!query) throw new InputError('it has no inputs');
  return [query, value!, key!];
}

interface Heads {
  readonly heads: number;
  readonly groups: number;
  readonly size: number;
  readonly valueSize: number;
}

/** Products of heads: queries with keys, a softmax, and its product with values. */
function attended(call: LayerCall, [query, value, key]: readonly [Value, Value, Value], sizes: Heads): Results {
  const { heads, groups, size, valueSize } = sizes;
  const bias = call.settings.flag('use_bias', true);
  const [q, v, k] = [query, value, key].map((x, i) => asPositions(call, x, NAMES[i]!)) as [Value, Value, Value];
  const projected = (x: Value, part: string, features: Dim): Value => call.apply('linear', part, x, { features, bias });
  const headed = (x: Value, part: string, count: number, each: number): Value => {
    const [n, length] = x.shape;
    const byHead = call.apply('view', `${part}.heads`, x, { shape: [n!, length!, count, each] });
    const first = call.apply('transpose', `${part}.order`, byHead, { order: [0, 2, 1, 3] });
    if (count === heads) return first;
    return call.apply('repeatElements', `${part}.groups`, first, { axis: 1, repeats: heads / count });
  };
  const queries = headed(projected(q, 'query', mul(heads, size)), 'query', heads, size);
  const keys = headed(projected(k, 'key', mul(groups, size)), 'key', groups, size);
  const values = headed(projected(v, 'value', mul(groups, valueSize)), 'value', groups, valueSize);
  const scaled = call.apply('scaleBy', 'scale', queries, { shape: [1], learnt: false });
  const scores = call.apply(
    'softmax',
    'softmax',
    call.apply('matmul', 'scores', [scaled, keys], { transposeSecond: true }),
    { axis: 3 },
  );
  const mixed = call.apply('transpose', 'order', call.apply('matmul', 'mixed', [scores, values]), {
    order: [0, 2, 1, 3],
  });
  const [n, length] = mixed.shape;
  const joined = call.apply('view', 'joined', mixed, { shape: [n!, length!, heads * valueSize] });
  const made = call.apply('linear', '', joined, { features: outputFeatures(call, q), bias });
  const result = asTheQuery(call, made, query);
  return call.isRead(1) ? [result, call.inOurOrder(scores, 'scores.result')] : [result];
}

const NAMES = ['query', 'value', 'key'] as const;

/** As many features as the query, or what `output_shape` says. */
function outputFeatures(call: LayerCall, query: Value): Dim {
  const given = call.wholeNumbers('output_shape');
  return given && given.length > 0 ? product(given) : query.shape.at(-1)!;
}

/** Back to the sides of the query. */
function asTheQuery(call: LayerCall, made: Value, query: Value): Value {
  if (query.shape.length === 3) return made;
  const { order } = positionsOf(call, query);
  const sides = call.layout.theirs(query.shape);
  const turned = [...order.slice(0, -1).map((side) => sides[side]!), made.shape.at(-1)!];
  if (isInOrder(order)) return call.viewed(made, turned, 'result');
  const turnedBack = call.apply('view', 'turned', made, { shape: turned });
  const back = call.apply('transpose', 'back', turnedBack, { order: order.map((_, side) => order.indexOf(side)) });
  return call.inOurOrder(back, 'result');
}

export const multiHeadAttention: KerasRow = (call) => {
  const { settings } = call;
  const [heads, size] = [settings.count('num_heads'), settings.count('key_dim')];
  const valueSize = settings.raw('value_dim') === undefined ? size : settings.count('value_dim');
  return attended(call, operands(call), { heads, groups: heads, size, valueSize });
};

export const groupedQueryAttention: KerasRow = (call) => {
  const { settings } = call;
  const [heads, groups] = [settings.count('num_query_heads'), settings.count('num_key_value_heads')];
  const size = settings.count('head_dim');
  if (heads % groups !== 0) throw new InputError(`it has ${heads} query heads for ${groups} heads of keys`);
  return attended(call, operands(call), { heads, groups, size, valueSize: size });
};

/** Products of queries and keys, with a learnt factor where it is asked for. */
export const attention: KerasRow = (call) => {
  const [query, value, key] = operands(call).map((x, i) => asPositions(call, x, NAMES[i]!)) as [Value, Value, Value];
  const scores = isConcat(call)
    ? sumOfPairs(call, query, key, 'concat_score_weight', [1])
    : call.apply('matmul', 'scores', [query, key], { transposeSecond: true });
  const learnt = call.settings.flag('use_scale', false);
  const scaled = learnt ? call.apply('scaleBy', 'scale', scores, { shape: [1] }) : scores;
  return mixed(call, scaled, value);
};

const isConcat = (call: LayerCall): boolean =>
  call.settings.choice('score_mode', ['dot', 'concat'], 'dot') === 'concat';

/** The sum over the features of tanh(query + key), with a learnt factor for each feature. */
export const additiveAttention: KerasRow = (call) => {
  const [query, value, key] = operands(call).map((x, i) => asPositions(call, x, NAMES[i]!)) as [Value, Value, Value];
  const scale = call.settings.flag('use_scale', true) ? [query.shape.at(-1)!] : undefined;
  return mixed(call, sumOfPairs(call, query, key, 'scale', scale), value);
};

function sumOfPairs(
  call: LayerCall,
  query: Value,
  key: Value,
  name: string,
  factor: readonly Dim[] | undefined,
): Value {
  const [n, queries, features] = query.shape;
  const [, keys] = key.shape;
  const wide = call.apply('view', 'query.pairs', query, { shape: [n!, queries!, 1, features!] });
  const long = call.apply('view', 'key.pairs', key, { shape: [n!, 1, keys!, features!] });
  const pairs = call.apply('tanh', 'tanh', call.apply('add', 'pairs', [wide, long]));
  const scaled = factor ? call.apply('scaleBy', name, pairs, { shape: [...factor] }) : pairs;
  return call.apply('reduce', 'scores', scaled, { axes: [3], mode: 'sum', keep: false });
}

function mixed(call: LayerCall, scores: Value, value: Value): Results {
  const shares = call.apply('softmax', 'softmax', scores, { axis: 2 });
  return [call.apply('matmul', '', [shares, value]), shares];
}
