// In which order do nodes run? Each after those that it reads: the file's own order where it keeps to that.

import { InputError } from '../../inputError.js';
import type { OnnxNode } from './messages.js';
import { shown } from '../../document/problem.js';
import { titleOf } from './title.js';

/**
 * @param given names of inputs and initializers
 * @throws InputError naming a node that reads what nothing makes, that waits for itself, or that makes what is made already
 */
export function ordered(nodes: readonly OnnxNode[], given: Pick<ReadonlySet<string>, 'has'>): readonly OnnxNode[] {
  const maker = makersOf(nodes, given);
  const read = nodes.map((node) => {
    const names = node.input.filter((name) => name !== '' && !given.has(name));
    return new Set(names.map((name) => makerOf(name, node, maker)));
  });
  if (read.every((makers, i) => [...makers].every((other) => other < i))) return nodes;
  const waiting = read.map(({ size }) => size);
  const readers = nodes.map((): number[] => []);
  read.forEach((makers, i) => {
    for (const other of makers) readers[other]!.push(i);
  });
  const ready = nodes.flatMap((_, i) => (waiting[i] === 0 ? [i] : []));
  for (let next = 0; next < ready.length; next++)
    for (const reader of readers[ready[next]!]!) if (--waiting[reader]! === 0) ready.push(reader);
  if (ready.length === nodes.length) return ready.map((i) => nodes[i]!);
  const done = new Set(ready);
  const stuck = nodes.find((_, i) => !done.has(i))!;
  throw new InputError(`${titleOf(stuck)} waits for its own output: the graph has a cycle`);
}

function makersOf(nodes: readonly OnnxNode[], given: Pick<ReadonlySet<string>, 'has'>): ReadonlyMap<string, number> {
  const maker = new Map<string, number>();
  nodes.forEach((node, i) => {
    for (const name of node.output) {
      if (name === '') continue;
      if (maker.has(name) || given.has(name))
        throw new InputError(`${titleOf(node)} makes ${shown(name)}, which exists already`);
      maker.set(name, i);
    }
  });
  return maker;
}

function makerOf(name: string, node: OnnxNode, maker: ReadonlyMap<string, number>): number {
  const found = maker.get(name);
  if (found === undefined) throw new InputError(`${titleOf(node)} reads ${shown(name)}, which nothing makes`);
  return found;
}
