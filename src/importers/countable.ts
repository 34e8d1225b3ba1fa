// Counts a graph once, so that a count past 2^53 is reported while the file is being read.

import { isNumber } from '../dim/dim.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { remember } from '../profile.js';

/**
 * The graph itself.
 * @param concrete whether its config holds no symbols
 * @throws InputError where a count of the graph or of one of its layers could not be exact
 */
export function countable(graph: Graph, concrete = true): Graph {
  if (concrete && graph.inputs.every(({ shape }) => shape.every(isNumber))) remember(graph);
  return graph;
}

/** Whether a graph can be built and counted. */
export function builds(build: () => Graph): boolean {
  try {
    countable(build());
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
