// Rows of attention as one op: ONNX's own (opset 23) and those of ONNX Runtime.

import { add, div, equal, isNumber, mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { cut, partOf } from '../../kit/moves.js';
import { wholeSide } from '../../kit/slice.js';
import { isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionalParameter, parameter, type Call, type OnnxRow, type Results } from '../onnxCall.js';
import { withParameter } from './arithmetic.js';
import { linearBy } from './linear.js';

/** Queries, keys and values, each [N, heads, length, features]. */
export interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/**
 * softmax(Q K^T x scale + mask) V, after "Attention Is All You Need" (arXiv 1706.03762), Eq. 1.
 * @param mask the input that is added to the scores
 * @returns [N, heads, length, features]
 */
export function attended(call: Call, { query, key, value }: Heads, mask: number): Value {
  const scores = call.apply('matmul', [query, key], { transposeSecond: true }, {}, 'scores');
  const scaled = call.apply('scaleBy', scores, { shape: [1], learnt: false }, {}, 'scaled');
  const capped = call.file.attributes.float('softcap', 0) === 0 ? scaled : call.apply('tanh', scaled, {}, {}, 'capped');
  const masked = maskedBy(call, capped, mask);
  const weights = call.apply('softmax', masked, { axis: masked.shape.length - 1 }, {}, 'softmax');
  return call.apply('matmul', [weights, value], {}, {}, 'values');
}

function maskedBy(call: Call, scores: Value, mask: number): Value {
  if (!call.has(mask)) return scores;
  const found = call.operand(mask);
  if (isConstant(found)) return withParameter(call, 'shiftBy', scores, found, 'masked');
  return call.apply('add', [scores, found], {}, {}, 'masked');
}

/** [N, length, heads x features] to [N, heads, length, features]. */
export function headsOf(call: Call, x: Value, heads: number, part: string): Value {
  if (x.shape.length === 4) return x;
  const [n, length, all] = x.shape;
  if (x.shape.length !== 3) throw new InputError(`its ${part} ${showShape(x.shape)} have no three or four sides`);
  if (heads < 1) throw new InputError(`it does not say how many heads its ${part} have`);
  const shape = [n!, length!, heads, div(all!, heads)];
  const grouped = call.apply('view', x, { shape }, {}, `${part}.heads`);
  return call.apply('transpose', grouped, { order: [0, 2, 1, 3] }, {}, part);
}

/** The reverse. */
export function together(call: Call, x: Value): Value {
  const [n, heads, length, features] = x.shape;
  const turned = call.apply('transpose', x, { order: [0, 2, 1, 3] }, {}, 'turned');
  return call.apply('view', turned, { shape: [n!, length!, mul(heads!, features!)] });
}

/** Several heads of queries share one of keys and values (grouped-query attention). */
function shared(call: Call, x: Value, query: Value, part: string): Value {
  const [own, wanted] = [x.shape[1]!, query.shape[1]!];
  if (equal(own, wanted) || !isNumber(own) || !isNumber(wanted) || wanted % own !== 0) return x;
  const grouped = call.apply('view', x, { shape: x.shape.toSpliced(2, 0, 1) }, {}, `${part}.groups`);
  const repeated = call.apply(
    'expand',
    grouped,
    { shape: grouped.shape.with(2, wanted / own) },
    {},
    `${part}.repeated`,
  );
  return call.apply('view', repeated, { shape: x.shape.with(1, wanted) }, {}, `${part}.all`);
}

/** What earlier steps kept stands in front, along the length. */
export const after = (call: Call, x: Value, past: number, part: string): Value =>
  call.has(past) ? call.apply('concat', [call.data(past), x], { axis: 2 }, {}, part) : x;

/** Opset 23: (Q, K, V, mask, past keys, past values). */
function attention(call: Call): Results {
  const { attributes } = call.file;
  const given = [call.data(0), call.data(1), call.data(2)] as const;
  const heads = (name: string): number => attributes.int(name, 0);
  const query = headsOf(call, given[0], heads('q_num_heads'), 'queries');
  const key = after(call, headsOf(call, given[1], heads('kv_num_heads'), 'keys'), 4, 'past.keys');
  const value = after(call, headsOf(call, given[2], heads('kv_num_heads'), 'values.in'), 5, 'past.values');
  const all = { query, key: shared(call, key, query, 'keys'), value: shared(call, value, query, 'values.in') };
  const made = attended(call, all, 3);
  if (call.isRead(3)) throw new Uncounted('another node reads its scores, and only its result is counted');
  return [given[0].shape.length === 3 ? together(call, made) : made, key, value];
}

/** ONNX Runtime's: one layer makes queries, keys and values of the input. */
function merged(call: Call, past: number): Results {
  const { attributes } = call.file;
  if (call.has(past)) throw new Uncounted('it keeps what earlier steps computed, whose length is known when it runs');
  const heads = attributes.int('num_heads', 0);
  const x = call.data(0);
  if (x.shape.length !== 3) throw new InputError(`it needs an input [N, length, features], not ${showShape(x.shape)}`);
  const made = linearBy(call, x, parameter(call, 1, 'weights'), optionalParameter(call, 2, 'biases'), 'layer');
  const all = made.shape[2]!;
  const sizes: readonly Dim[] = attributes.ints('qkv_hidden_sizes') ?? [div(all, 3), div(all, 3), div(all, 3)];
  if (sizes.length !== 3) throw new InputError('its qkv_hidden_sizes are not three');
  const [query, key, value] = ['queries', 'keys', 'values.in'].map((part, i) =>
    headsOf(call, partOf(call, made, 2, sizes, i, `${part}.part`), heads, part),
  ) as [Value, Value, Value];
  return together(call, attended(call, { query, key, value }, call.op === 'Attention' ? 5 : -1));
}

/** ONNX Runtime's: (Q, K, V, biases of all three, padding mask, mask, past keys, past values). */
function multiHead(call: Call): Results {
  // A buffer that is shared has room for more steps than there were.
  if (call.has(8)) throw new Uncounted('how many earlier steps its buffer holds is known when it runs');
  const [query, own, further] = biasedHeads(call, unpacked(call), 3);
  const [key, value] = [after(call, own, 6, 'past.keys'), after(call, further, 7, 'past.values')];
  return [together(call, attended(call, { query, key, value }, 5)), key, value];
}

/** Queries, keys and values by heads. @param bias the input that holds the biases of all three */
export function biasedHeads(
  call: Call,
  parts: readonly [Value, Value, Value],
  bias: number,
): readonly [Value, Value, Value] {
  const heads = call.file.attributes.int('num_heads', 0);
  const biased = parts.map((x, i) => withBias(call, x, parts, i, bias));
  return biased.map((x, i) => headsOf(call, x, heads, ['queries', 'keys', 'values.in'][i]!)) as [Value, Value, Value];
}

/**
 * ONNX Runtime's, where several heads of queries share one of keys: (Q, K, V, past keys, past
 * values, lengths, tables of the rotation). One input may hold all three.
 */
function grouped(call: Call): Results {
  const { attributes } = call.file;
  const [heads, shares] = [attributes.int('num_heads', 0), attributes.int('kv_num_heads', 0)];
  if (heads < 1 || shares < 1) throw new InputError('it does not say how many heads it has');
  const x = call.data(0);
  const parts = call.has(1) ? [x, call.data(1), call.data(2)] : threeParts(call, x, heads, shares);
  const turns = attributes.int('do_rotary', 0) !== 0;
  const headed = (i: number, count: number, part: string): Value => {
    const one = headsOf(call, parts[i]!, count, part);
    return turns && i < 2 ? rotated(call, one, `${part}.`) : one;
  };
  const query = headed(0, heads, 'queries');
  const key = after(call, headed(1, shares, 'keys'), 3, 'past.keys');
  const value = after(call, headed(2, shares, 'values.in'), 4, 'past.values');
  const all = { query, key: shared(call, key, query, 'keys'), value: shared(call, value, query, 'values.in') };
  return [together(call, attended(call, all, -1)), key, value];
}

/** Queries, keys and values side by side. */
function threeParts(call: Call, x: Value, heads: number, shares: number): readonly Value[] {
  const each = div(x.shape.at(-1)!, heads + 2 * shares);
  const sizes = [mul(each, heads), mul(each, shares), mul(each, shares)];
  return sizes.map((_, i) => partOf(call, x, 2, sizes, i, `packed${i}`));
}

/**
 * [N, length, heads, 3, features] are all three; [N, length, heads, 2, features] keys and values.
 */
function unpacked(call: Call): readonly [Value, Value, Value] {
  const x = call.data(0);
  if (x.shape.length === 5) return [packedPart(call, x, 0), packedPart(call, x, 1), packedPart(call, x, 2)];
  const key = call.has(1) ? call.data(1) : x;
  if (key.shape.length === 5) return [x, packedPart(call, key, 0), packedPart(call, key, 1)];
  return [x, key, call.has(2) ? call.data(2) : key];
}

function packedPart(call: Call, x: Value, index: number): Value {
  const [n, length, heads, , features] = x.shape;
  const cuts = x.shape.map(wholeSide).with(3, { first: index, length: 1, step: 1 });
  const one = cut(call, x, cuts, `packed${index}`);
  return call.apply('view', one, { shape: [n!, length!, mul(heads!, features!)] }, {}, `unpacked${index}`);
}

/** One list has the biases of queries, keys and values: it is one parameter. */
function withBias(call: Call, x: Value, parts: readonly Value[], i: number, at: number): Value {
  const bias = optionalParameter(call, at, 'biases');
  if (!bias || x.shape.length !== 3) return x;
  const sizes = parts.map(({ shape }) => shape.at(-1)!);
  const own = call.apply('parameter', [], { shape: bias.shape }, { value: bias }, `biases${i}`);
  const cuts = [{ first: sizes.slice(0, i).reduce<Dim>((a, b) => add(a, b), 0), length: sizes[i]!, step: 1 }];
  return call.apply('add', [x, cut(call, own, cuts, `bias${i}`)], {}, {}, `biased${i}`);
}

/**
 * x cos + rotated x sin of each pair of features (RoFormer, arXiv 2104.09864, Eq. 34); tables are
 * stored.
 */
function rotated(call: Call, x: Value, part = ''): Value {
  const factor = { shape: [1], learnt: false };
  const even = call.apply('scaleBy', x, factor, {}, `${part}cosines`);
  const odd = call.apply('scaleBy', x, factor, {}, `${part}sines`);
  return call.apply('add', [even, odd], {}, {}, part === '' ? '' : `${part}rotated`);
}

const ofRuntime = ({ file }: Call): boolean => file.node.domain === 'com.microsoft';

export const ATTENTIONS: Readonly<Record<string, OnnxRow>> = {
  Attention: { convert: (call) => (ofRuntime(call) ? merged(call, 4) : attention(call)) },
  QAttention: { weights: [1, 2, 3, 4, 6, 7], convert: (call) => merged(call, 8) },
  MultiHeadAttention: { convert: multiHead },
  GroupQueryAttention: { convert: grouped },
  RotaryEmbedding: { convert: (call) => rotated(call, call.data(0)) },
};
