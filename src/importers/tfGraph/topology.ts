// Which nodes does a graph model have? GraphDef as JSON, in an order in which they can run.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { ordered } from '../tfjs/order.js';
import { isData, type Data } from '../tfjs/settings.js';
import { Attributes, sidesIn } from './attributes.js';

export interface Input {
  readonly node: string;
  readonly output: number;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Input[];
  readonly attributes: Attributes;
}

export interface GraphModel {
  /** Every node after those that it reads. */
  readonly nodes: readonly GraphNode[];
  /** Sides as the file has them; null where they are open. The image first. */
  readonly images: readonly { readonly name: string; readonly sides: readonly (number | null)[] }[];
  readonly outputs: readonly Input[];
}

const MOST_NODES = 200_000;

/** Every node by its name, in the order of the file. @throws InputError naming the node */
export function nodesIn(topology: Data): ReadonlyMap<string, GraphNode> {
  const list = topology['node'];
  if (!Array.isArray(list) || list.length === 0) throw new InputError('its graph has no nodes');
  if (list.length > MOST_NODES)
    throw new InputError(`its graph has ${list.length} nodes, and at most ${MOST_NODES} are counted`);
  const byName = new Map<string, GraphNode>();
  for (const [i, data] of list.entries()) {
    const node = nodeOf(data, i);
    if (byName.has(node.name)) throw new InputError(`two of its nodes have the name ${shown(node.name)}`);
    byName.set(node.name, node);
  }
  return byName;
}

/** @param file signature and all; @throws InputError naming the node */
export function graphModelOf(file: Data, byName: ReadonlyMap<string, GraphNode>): GraphModel {
  const starts = ({ name }: GraphNode): string => `node ${shown(name)} takes its input from`;
  const nodes = ordered(
    byName,
    ({ inputs }) => inputs.map((input) => input.node),
    (node, source) => new InputError(`${starts(node)} ${shown(source)}, which is not there`),
    (node, source) => new InputError(`${starts(node)} ${shown(source.name)}, which takes its own from it: a circle`),
  );
  return { nodes, images: imagesOf(nodes, file), outputs: outputsOf(nodes, file) };
}

function nodeOf(data: unknown, index: number): GraphNode {
  if (!isData(data)) throw new InputError(`its node ${index} is no mapping but ${shown(data)}`);
  const { name, op, input = [], attr = {} } = data;
  if (typeof name !== 'string' || name === '' || typeof op !== 'string')
    throw new InputError(`its node ${index} has the name ${shown(name)} and the op ${shown(op)}`);
  if (!Array.isArray(input) || !input.every((one) => typeof one === 'string'))
    throw new InputError(`node ${shown(name)} has inputs that are no list of names`);
  // "^node" says only that it runs before.
  const inputs = input.filter((one) => !one.startsWith('^')).map(inputOf);
  return { name, op, inputs, attributes: new Attributes(isData(attr) ? attr : {}) };
}

/** "node" is its output 0, "node:1" the next. */
function inputOf(text: string): Input {
  const [, node = text, output = '0'] = /^(.*):(\d{1,4})$/s.exec(text) ?? [];
  return { node, output: Number(output) };
}

function imagesOf(nodes: readonly GraphNode[], { signature }: Data): GraphModel['images'] {
  const stated = new Map(
    ends(signature, 'inputs').map((end) => [inputOf(String(end['name'])).node, sidesIn(end['tensorShape'])]),
  );
  const images = nodes
    .filter(({ op }) => op === 'Placeholder')
    .map(({ name, attributes }) => {
      const sides = attributes.sides('shape') ?? stated.get(name);
      if (sides === undefined || sides.length < 2 || sides.length > 4)
        throw new InputError(`its input ${shown(name)} has no shape of 2 to 4 sides`);
      return { name, sides };
    });
  if (images.length === 0) throw new InputError('its graph has no input');
  return images.sort((a, b) => Number(b.sides.length === 4) - Number(a.sides.length === 4));
}

/** What the file names, or what nothing reads. */
function outputsOf(nodes: readonly GraphNode[], { signature }: Data): readonly Input[] {
  const named = ends(signature, 'outputs').flatMap(({ name }) => (typeof name === 'string' ? [inputOf(name)] : []));
  if (named.length > 0) return named;
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  return nodes
    .filter(({ name, op }) => !read.has(name) && op !== 'NoOp' && op !== 'Const')
    .map(({ name }) => ({ node: name, output: 0 }));
}

const ends = (signature: unknown, key: 'inputs' | 'outputs'): readonly Data[] => {
  const found = isData(signature) ? signature[key] : undefined;
  return isData(found) ? Object.values(found).filter(isData) : [];
};
