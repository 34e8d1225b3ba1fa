// Rows of texts, draws and determinants: shapes follow, and elements are looked at one by one.

import { InputError } from '../../../inputError.js';
import { DataDependent } from '../../kit/uncounted.js';
import type { Call, OnnxRow, Results } from '../onnxCall.js';

/** Classes that are drawn by their shares: each row is summed up, and looked at for each draw. */
function drawn(call: Call): Results {
  const draws = call.file.attributes.int('sample_size', 1);
  const sums = call.apply('cumSum', call.data(0), { axis: 1 }, {}, 'sums');
  return call.apply('gather', sums, { axis: 1, shape: [draws] });
}

/** One number for each matrix. How it is found is not counted. */
function determinant(call: Call): Results {
  const x = call.data(0);
  const rank = x.shape.length;
  if (rank < 2) throw new InputError('it needs matrices');
  return call.apply('reduce', x, { axes: [rank - 2, rank - 1], mode: 'product', keep: false });
}

/** Texts of words that are left out become fewer. */
function normalized(call: Call): Results {
  if (call.file.attributes.has('stopwords')) throw new DataDependent('how many words it keeps is known when it runs');
  return call.apply('quantize', call.data(0));
}

/** How often each sequence of words is there: one number for each index. */
function frequencies(call: Call): Results {
  const x = call.data(0);
  const most = (call.file.attributes.ints('ngram_indexes') ?? []).reduce((all, index) => Math.max(all, index), 0);
  const sides = [...x.shape.slice(0, -1), most + 1];
  const zeros = call.apply('constant', [], { shape: sides }, {}, 'zeros');
  return call.apply('scatter', [zeros, x], { mode: 'add' });
}

export const TEXTS: Readonly<Record<string, OnnxRow>> = {
  Multinomial: { convert: drawn },
  Det: { convert: determinant },
  StringNormalizer: { convert: normalized },
  StringConcat: { convert: (call) => call.apply('add', [call.data(0), call.data(1)]) },
  RegexFullMatch: { convert: (call) => call.apply('quantize', call.data(0)) },
  TfIdfVectorizer: { convert: frequencies },
};
