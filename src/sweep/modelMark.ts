// Identifies the model of a sweep: a built-in name, or a name and a hash of a file's content.

import { createHash } from 'node:crypto';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { graphOf, type Model } from '../model.js';

/**
 * "densenet121", or "my-backbone#1f0c5a2e", which changes with the file's network, fields and
 * input, but not with comments. It says so where the counts are a lower bound.
 */
export function modelMark(model: Model): string {
  const { name, source, input, config } = model;
  if (source === 'built-in') return name;
  const graph = ownGraph(model);
  const content = JSON.stringify([input, config, graph]);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return `${name}#${hash}${graph?.omitted ? ' (lower bound)' : ''}`;
}

/**
 * The graph of a file, such as its wiring; null if the network needs other field values.
 */
function ownGraph(model: Model): Graph | null {
  try {
    return graphOf(model);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
