// How messages name a node of a file: its name, or what it makes where it has none, and its op.

import { shown } from '../../document/problem.js';
import type { OnnxNode } from './messages.js';

export const nameOf = ({ name, output }: OnnxNode): string =>
  name === undefined || name === '' ? (output[0] ?? '') : name;

export const titleOf = (node: OnnxNode): string =>
  `node ${shown(nameOf(node))} (${shown(node.opType ?? '').slice(1, -1)})`;
