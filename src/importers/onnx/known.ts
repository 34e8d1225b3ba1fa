// Which ops of a file are known? Those of ONNX itself that have a row, to convert them or to fold them.

import { isBranching } from './branches.js';
import { rowOf } from './convert/table.js';
import { FOLDS, SHAPE_ALONE } from './fold/rows.js';
import type { OnnxNode } from './messages.js';

/** Ops of the same name in other domains may be anything. */
const OWN_DOMAINS: readonly string[] = ['', 'ai.onnx', 'com.microsoft'];

export const isKnown = (node: OnnxNode): boolean => {
  const { opType = '', domain = '' } = node;
  return (
    OWN_DOMAINS.includes(domain) && (rowOf(opType) !== undefined || Object.hasOwn(FOLDS, opType) || isBranching(node))
  );
};

export const fullOp = ({ opType = '', domain = '' }: OnnxNode): string =>
  OWN_DOMAINS.includes(domain) ? opType : `${domain}.${opType}`;

/** Whether an op is done on constants alone: no op of the network itself stands for it. */
export const isFoldedOnly = (node: OnnxNode): boolean =>
  rowOf(node.opType ?? '') === undefined && !SHAPE_ALONE.has(node.opType ?? '') && !isBranching(node);
