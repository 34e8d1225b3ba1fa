// How is a node of a file called in a message? By its name, or by what it makes where it has none, and its op.

import { shown } from '../problem.js';
import type { OnnxNode } from './messages.js';

export const titleOf = ({ name, opType, output }: OnnxNode): string =>
  `node ${shown(name === undefined || name === '' ? (output[0] ?? '') : name)} (${shown(opType ?? '').slice(1, -1)})`;
