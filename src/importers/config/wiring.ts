// Links each layer to its sources. A source must come earlier, and every output must be read.

import { isOpName, opOf } from '../../ops/table.js';
import { shown, type Path, type Problem } from '../../document/problem.js';
import { unknown } from '../../document/check.js';
import { INPUT, type Layer } from './layers.js';

/** A layer with its name, its sources and its stage. */
export interface Wired extends Layer {
  readonly name: string;
  readonly from: readonly string[];
  readonly stage: string;
}

export interface Wiring {
  readonly layers: readonly Wired[];
  /** Names of the layers that the network puts out. */
  readonly results: readonly string[];
  readonly problems: readonly Problem[];
}

export function wire(read: readonly Layer[], outputs: readonly string[] | undefined): Wiring {
  const layers = placed(named(read));
  const names = layers.map(({ name }) => name);
  const results = outputs ?? names.slice(-1);
  const problems = [...nameProblems(names), ...sourceProblems(layers, names), ...outputProblems(outputs ?? [], names)];
  return { layers, results, problems: problems.length > 0 ? problems : unreadProblems(layers, results) };
}

type Named = Layer & { readonly name: string };

/** conv1, conv2, osa1: the kind and a running number that no other layer claims. */
function named(read: readonly Layer[]): readonly Named[] {
  const claimed = new Set(read.map(({ name }) => name));
  const counts = new Map<string, number>();
  const next = (kind: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return claimed.has(`${kind}${count}`) ? next(kind) : `${kind}${count}`;
  };
  return read.map((layer) => ({ ...layer, name: layer.name ?? next(layer.kind) }));
}

/** A layer reads the one before it and stands in its stage, unless it says otherwise. */
function placed(layers: readonly Named[]): readonly Wired[] {
  let [last, stage] = [INPUT, ''];
  return layers.map((layer) => {
    const from = layer.from ?? [last];
    last = layer.name;
    stage = layer.stage ?? stage;
    return { ...layer, from, stage };
  });
}

function nameProblems(names: readonly string[]): readonly Problem[] {
  const first = firstIndexes(names);
  return names.flatMap((name, i) => {
    const path = ['layers', i, 'name'];
    if (name === INPUT) return { message: `the name "${INPUT}" is the image's: give the layer another`, path };
    if (first.get(name) === i) return [];
    return { message: `the name ${shown(name)} is taken by another layer: give each its own`, path };
  });
}

function sourceProblems(layers: readonly Wired[], names: readonly string[]): readonly Problem[] {
  const first = firstIndexes(names);
  return layers.flatMap((layer, i) => {
    const path = ['layers', i, 'from'];
    const wrong = layer.from.flatMap((source, j) => {
      const index = source === INPUT ? -1 : first.get(source);
      if (index !== undefined && index < i) return [];
      return { message: badSource(layer.name, source, index, names.slice(0, i)), path: [...path, j] };
    });
    return wrong.length > 0 ? wrong : arityProblems(layer, path);
  });
}

function badSource(name: string, source: string, index: number | undefined, earlier: readonly string[]): string {
  const reader = `the layer ${shown(name)} reads`;
  if (source === name) return `${reader} itself: name an earlier layer`;
  if (index !== undefined) return `${reader} ${shown(source)}, which comes later: move it before this one`;
  return unknown(`${reader} an unknown layer`, source, [...earlier, INPUT]);
}

function arityProblems({ kind, from, repeat = 1 }: Wired, path: Path): readonly Problem[] {
  const [least, most] = isOpName(kind) ? opOf(kind).arity : [1, 1];
  if (from.length < least)
    return [{ message: `${kind} takes ${least} inputs, not ${from.length}: name them, as in from: [a, b]`, path }];
  if (from.length > most)
    return [{ message: `${kind} takes ${most === 1 ? 'one input' : `${most} inputs`}, not ${from.length}`, path }];
  if (repeat > 1 && from.length > 1)
    return [{ message: `${kind} reads ${from.length} layers, so it cannot be repeated on its own output`, path }];
  return [];
}

function outputProblems(outputs: readonly string[], names: readonly string[]): readonly Problem[] {
  const known = new Set(names);
  return outputs.flatMap((output, j) => {
    const path = ['outputs', j];
    if (outputs.indexOf(output) < j) return { message: `the output ${shown(output)} stands here twice`, path };
    return known.has(output) ? [] : { message: unknown('the output is an unknown layer', output, names), path };
  });
}

function unreadProblems(layers: readonly Wired[], results: readonly string[]): readonly Problem[] {
  const used = new Set([...layers.flatMap(({ from }) => from), ...results]);
  return layers.flatMap(({ name }, i) =>
    used.has(name)
      ? []
      : {
          message: `the layer ${shown(name)} feeds nothing: read it with from, list it in outputs, or remove it`,
          path: ['layers', i],
        },
  );
}

function firstIndexes(names: readonly string[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [i, name] of names.entries()) if (!first.has(name)) first.set(name, i);
  return first;
}
