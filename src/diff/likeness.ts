// Scores how similar two layers are, by name, op, shapes and attributes.

import type { Layer } from '../profile.js';

/** A layer without what depends on the layers around it: what else is alive while it runs. */
export const byItself = (layer: Layer): Layer => ({ ...layer, aliveElements: 0, aliveElementsOutOfPlace: 0 });

/** The properties of a layer as numbers. Equal numbers mean equal properties. */
export interface LayerFeatures {
  readonly name: number;
  /** Op, shapes and attributes: all that sets its cost, except for its neighbours. */
  readonly signature: number;
  /** Op, kernel, stride and resolution: all that stays in a wider network. */
  readonly structure: number;
  /**
   * Convolution, something else with parameters, or without: a layer of the same name may change
   * its op within these.
   */
  readonly role: number;
}

/** Gives equal texts equal numbers, over both networks. */
export function marker(): (layer: Layer) => LayerFeatures {
  const seen = new Map<string, number>();
  const mark = (kind: string, value: unknown): number => {
    const text = `${kind}${JSON.stringify(value)}`;
    const known = seen.get(text) ?? seen.size;
    seen.set(text, known);
    return known;
  };
  return (layer) => {
    const { name, op, inShape, inShapes, outShape, kernel, stride, padding, dilation, groups, bias, params } = layer;
    const window = [kernel, stride, dilation];
    return {
      name: mark('name', name),
      signature: mark('signature', [op, inShapes ?? inShape, outShape, window, padding, groups, bias, params]),
      structure: mark('structure', [op, window, inShape.slice(2), outShape.slice(2)]),
      role: mark('role', [groups !== null, params > 0]),
    };
  };
}

/** The score of two layers; 0 where they have nothing in common. */
export function likeness(a: LayerFeatures, b: LayerFeatures): number {
  const named = a.name === b.name;
  if (a.signature === b.signature) return named ? SAME : RENAMED;
  if (named && (a.structure === b.structure || a.role === b.role)) return CHANGED;
  return a.structure === b.structure ? KIN : 0;
}

/**
 * A chain of changed layers that keep their names beats one of them that happens to look like its
 * neighbour (2 x 4 > 5), and layers that are the same under shifted numbers beat shifted names (5 >
 * 4).
 */
const SAME = 8;
const RENAMED = 5;
const CHANGED = 4;
const KIN = 2;
