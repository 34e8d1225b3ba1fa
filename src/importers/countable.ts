// Counts a graph once, so that a count past 2^53 is reported while the file is being read.

import { isNumber } from '../dim/dim.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { profile, type Profile } from '../profile.js';

/** What was counted while a graph was read, in elements of four bytes. */
const counts = new WeakMap<Graph, Profile>();

/** The counts of a graph that `countable` gave; undefined where it was not counted. */
export const countedWhileRead = (graph: Graph): Profile | undefined => counts.get(graph);

/**
 * The graph itself.
 * @param concrete whether its config holds no symbols
 * @throws InputError where a count of the graph or of one of its layers could not be exact
 */
export function countable(graph: Graph, concrete = true): Graph {
  if (concrete && graph.inputs.every(({ shape }) => shape.every(isNumber))) counts.set(graph, profile(graph));
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
