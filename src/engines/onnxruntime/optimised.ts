// Reads the nodes of an ONNX file, and those of the graph that ONNX Runtime made of it.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MESSAGES, type OnnxNode } from '../../importers/onnx/messages.js';
import { readMessage } from '../../importers/protobuf/readMessage.js';
import type { FileNode } from './fileTensors.js';
import type { KernelNode } from './fusedSets.js';

export const fileNodes = (path: string): readonly FileNode[] => nodesIn(path).map(fileNode);

export const optimisedNodes = (path: string): readonly KernelNode[] =>
  nodesIn(path).map((node) => ({
    ...fileNode(node),
    name: node.name ?? '',
    activation: node.attribute.find(({ name }) => name === 'activation')?.s,
  }));

const fileNode = ({ opType = '', input, output }: OnnxNode): FileNode => ({
  op: opType,
  inputs: input,
  outputs: output.filter((name) => name !== ''),
});

/** Weights are passed over. */
function nodesIn(path: string): readonly OnnxNode[] {
  const file = openSync(path, 'r');
  try {
    const read = (start: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const got = readSync(file, bytes, done, length - done, start + done);
        if (got === 0) throw new Error('it became shorter while it was read');
        done += got;
      }
      return bytes;
    };
    return readMessage({ size: fstatSync(file).size, read }, MESSAGES, 'Model').graph?.node ?? [];
  } finally {
    closeSync(file);
  }
}
