// Rows of Keras embeddings: learnt rows by number, and the same table the other way round.

import { isNumber } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { dot } from './convolutions.js';
import type { KerasRow } from './layerCall.js';
import { adaptedRows, lowRankOf } from './lowRank.js';

/** A learnt row for each number. */
export const embedding: KerasRow = (call) => {
  const { settings } = call;
  const x = call.inFileOrder(call.x, 'indices');
  const given = { entries: settings.count('input_dim'), features: settings.count('output_dim') };
  const rank = lowRankOf(call);
  const made =
    rank === undefined
      ? call.apply('embedding', '', x, given)
      : adaptedRows(call, x, [given.entries, given.features], rank);
  return call.inOurOrder(made, 'result');
};

/**
 * The table, or in reverse the product with it: one parameter for both, unless the product has a
 * table of its own (Press and Wolf, arXiv 1608.05859).
 */
export const reversibleEmbedding: KerasRow = (call) => {
  if (call.option('reverse') !== true) return embedding(call);
  const { x, settings } = call;
  const features = x.shape[call.place(-1, x.shape.length)]!;
  if (isNumber(features) && features !== settings.count('output_dim'))
    throw new InputError(`it multiplies ${showShape(x.shape)} with rows of ${settings.count('output_dim')}`);
  const tied = settings.flag('tie_weights', true);
  const made = dot(call, tied ? '' : 'reverse', x, settings.count('input_dim'), false);
  if (settings.raw('logit_soft_cap') === undefined) return made;
  const within = call.apply('tanh', 'capped', call.apply('scaleBy', 'cap_inside', made, FACTOR));
  return call.apply('scaleBy', 'cap', within, FACTOR);
};

const FACTOR = { shape: [1], learnt: false };
