// Rows of ONNX Runtime's attention over packed tokens, over one step, and in eight bits.

import { mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { partOf } from '../../kit/moves.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionalParameter, parameter, type Call, type OnnxRow, type Results } from '../onnxCall.js';
import { after, attended, biasedHeads, headsOf, together } from './attention.js';
import { linearBy } from './linear.js';

/**
 * Tokens [T, features] of all sequences, put into [N, length, features]. How long each sequence is
 * depends on the data: all are counted at full length.
 */
function spread(call: Call, x: Value, offsets: number, part: string): Value {
  const [n, length] = call.shape(offsets);
  if (n === undefined || length === undefined || x.shape.length !== 2)
    throw new InputError(`its tokens ${showShape(x.shape)} do not stand in sequences`);
  return call.apply('gather', x, { axis: 0, shape: [n, length] }, {}, part);
}

/** The tokens of all sequences again. */
function packed(call: Call, x: Value, tokens: Dim): Value {
  const [n, length, features] = x.shape;
  const rows = call.apply('view', x, { shape: [mul(n!, length!), features!] }, {}, 'rows');
  return call.apply('gather', rows, { axis: 0, shape: [tokens] }, {}, 'packed');
}

const PARTS = ['queries', 'keys', 'values.in'] as const;

/** (tokens, weights of all three, biases, offsets, lengths, mask). */
function packedAttention(call: Call): Results {
  const x = call.data(0);
  const made = linearBy(call, x, parameter(call, 1, 'weights'), optionalParameter(call, 2, 'biases'), 'layer');
  const all = made.shape[1]!;
  const given = call.file.attributes.ints('qkv_hidden_sizes');
  if (typeof all !== 'number') throw new Uncounted('its weights have sides that the file leaves open');
  const sizes = given ?? [all / 3, all / 3, all / 3];
  const heads = call.file.attributes.int('num_heads', 0);
  const [query, key, value] = PARTS.map((part, i) => {
    const own = spread(call, partOf(call, made, 1, sizes, i, `${part}.part`), 3, `${part}.spread`);
    return headsOf(call, own, heads, part);
  }) as [Value, Value, Value];
  return packed(call, together(call, attended(call, { query, key, value }, 5)), x.shape[0]!);
}

/** (queries, keys, values, biases, offsets, lengths, mask); one input may hold all three. */
function packedMultiHead(call: Call): Results {
  const x = call.data(0);
  const [tokens, heads, , features] = x.shape;
  const parts =
    x.shape.length === 4
      ? PARTS.map((part, i) => {
          const begin = [0, 0, i, 0];
          const one = call.apply(
            'slice',
            x,
            { begin, size: x.shape.with(2, 1), step: [1, 1, 1, 1] },
            {},
            `${part}.own`,
          );
          return call.apply('view', one, { shape: [tokens!, mul(heads!, features!)] }, {}, `${part}.list`);
        })
      : [x, call.data(1), call.data(2)];
  const all = parts.map((one, i) => spread(call, one, 4, `${PARTS[i]!}.spread`)) as [Value, Value, Value];
  const [query, key, value] = biasedHeads(call, all, 3);
  return packed(call, together(call, attended(call, { query, key, value }, 6)), tokens!);
}

/** One step of a decoder: (query, key, value, padding, mask, past keys and values, ..., biases). */
function decoded(call: Call): Results {
  if (call.file.attributes.int('past_present_share_buffer', 0) !== 0)
    throw new Uncounted('how many earlier steps its buffer holds is known when it runs');
  const first = call.data(0);
  const parts = [first, call.has(1) ? call.data(1) : first, call.has(2) ? call.data(2) : first] as const;
  const [query, own, further] = biasedHeads(call, parts, 10);
  const [key, value] = [after(call, own, 5, 'past.keys'), after(call, further, 6, 'past.values')];
  return [together(call, attended(call, { query, key, value }, 4)), key, value];
}

/** Three layers in eight bits, with scales between them, then attention. */
function orderedAttention(call: Call): Results {
  if (call.has(18)) throw new Uncounted('it keeps what earlier steps computed, whose length is known when it runs');
  const heads = call.file.attributes.int('num_heads', 0);
  const [query, key, value] = PARTS.map((part, i) => {
    const [weight, bias] = [parameter(call, 5 + i, 'weights'), optionalParameter(call, 11 + i, 'biases')];
    return headsOf(call, linearBy(call, call.data(0), weight, bias, `${part}.layer`), heads, part);
  }) as [Value, Value, Value];
  return together(call, attended(call, { query, key, value }, 19));
}

const SCALES = Array.from({ length: 16 }, (_, i) => i + 1);

export const PACKED_ATTENTIONS: Readonly<Record<string, OnnxRow>> = {
  PackedAttention: { weights: [1, 2], convert: packedAttention },
  PackedMultiHeadAttention: { weights: [3], convert: packedMultiHead },
  DecoderMaskedMultiHeadAttention: { weights: [10], convert: decoded },
  QOrderedAttention: { weights: SCALES, convert: orderedAttention },
};
