// Writes a graph as ONNX in pieces of bytes. Each weight is made when it is written, then dropped.

import { shapedNodes, type ShapedNode } from '../../cost.js';
import { isNumber } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Graph, Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import { seededWeights, type Weights } from '../../weights/weights.js';
import { Draft, encodable, type AttributeValue, type DraftNode, type DraftTensor } from './writeDraft.js';
import { ATTRIBUTE_TYPES, DATA_TYPES } from '../../importers/onnx/messages.js';
import { encode, opening, type Written } from './writeMessage.js';
import { writerOf } from './writeOps.js';
import { bytesOf, elsewhere, filed, headOf, placed, type Pieces } from './writeTensors.js';

/** The first opset with LayerNormalization, and the file format that came with it. */
export const OPSET = 17;
const IR_VERSION = 8;

/** A protobuf message, and so a file of one, ends below this. */
const MOST_BYTES = 2 ** 31 - 1;

export interface OnnxOptions {
  readonly seed: number;
  /**
   * Where the weights stand: in the file itself, in a second file of this name, or nowhere: then
   * they are inputs of the graph, of which only the shapes are known.
   */
  readonly weights: 'inside' | 'none' | { readonly file: string };
  /** The program that writes, and its version. */
  readonly producer: readonly [name: string, version: string];
}

export interface OnnxFile {
  readonly model: Pieces;
  /** The second file, where the weights are to stand there. */
  readonly external: Pieces | undefined;
  /** ONNX nodes: a few of our ops become several. */
  readonly nodes: number;
  /** The same, with the node of ours that each stands for. */
  readonly written: readonly DraftNode[];
}

/**
 * Opset 17, float32. Nodes carry our names, and our stages and blocks as metadata; a side with a
 * symbol stays open.
 * @throws InputError where the file would pass what protobuf can hold, or an op has no form in ONNX
 */
export function writeOnnx(graph: Graph, { seed, weights, producer }: OnnxOptions): OnnxFile {
  const draft = draftOf(graph, seed);
  const bare = weights === 'none';
  const separateFile = typeof weights === 'object' ? weights.file : undefined;
  const inside = draft.tensors.filter(({ learnt }) => !learnt || !(bare || separateFile !== undefined));
  const outside = separateFile === undefined ? [] : placed(draft.tensors.filter(({ learnt }) => learnt));

  const body = [
    encode('Graph', {
      name: encodable(graph.name),
      node: draft.nodes.map(nodeMessage),
      input: [
        ...graph.inputs.map((value) => valueMessage(value, draft)),
        ...(bare ? draft.tensors.filter(({ learnt }) => learnt).map(inputMessage) : []),
      ],
      output: graph.outputs.map((name) => valueMessage(valueNamed(graph, name), draft)),
      valueInfo: graph.nodes
        .filter(({ name }) => !graph.outputs.includes(name))
        .map((node) => valueMessage(node, draft)),
    }),
    ...outside.map((placed) => elsewhere(placed, separateFile!)),
  ];
  const heads = inside.map(headOf);
  const graphBytes = sum(body.map(({ length }) => length)) + sum(heads.map(({ head, bytes }) => head.length + bytes));
  const [producerName, producerVersion] = producer;
  const header = { irVersion: IR_VERSION, producerName, producerVersion, opsetImport: [{ version: OPSET }] };
  const start = [encode('Model', header), opening(GRAPH, graphBytes)];
  const size = sum(start.map(({ length }) => length)) + graphBytes;
  if (size > MOST_BYTES)
    throw new InputError(
      `the file of ${graph.name} would have ${size} bytes and protobuf ends at 2 GB: put the weights in a file of their own with --external, or leave them out with --no-weights`,
    );
  return {
    nodes: draft.nodes.length,
    written: draft.nodes,
    model: {
      size,
      *pieces() {
        yield* [...start, ...body];
        for (const { head, tensor } of heads) {
          yield head;
          yield bytesOf(tensor);
        }
      },
    },
    external: separateFile === undefined ? undefined : filed(outside),
  };
}

/** The number of Model.graph, which is written piece by piece. */
const GRAPH = 7;

function draftOf(graph: Graph, seed: number): Draft {
  const draft = new Draft(graph);
  const weightsOf = seededWeights(graph, seed);
  // The tensors of a node follow one another, so the last node's weights are all that is kept.
  let last: { readonly shaped: ShapedNode; readonly weights: Weights } | undefined;
  for (const shaped of shapedNodes(graph)) {
    const { name, op } = shaped.node;
    const write = writerOf(op);
    if (!write) throw new InputError(`node "${name}": the op ${op} is counted, but ONNX has no op for it`);
    const writer = draft.at(shaped, () => {
      if (last?.shaped !== shaped) last = undefined;
      last ??= { shaped, weights: weightsOf(shaped) };
      return last.weights;
    });
    try {
      write(writer);
    } catch (error) {
      throw locate(error, `node "${name}" (${op})`);
    }
  }
  return draft;
}

const valueNamed = (graph: Graph, name: string): Value =>
  [...graph.nodes, ...graph.inputs].find((value) => value.name === name)!;

const nodeMessage = ({ name, type, inputs, output, attributes, stage, block, op }: DraftNode): Written<'Node'> => ({
  name,
  opType: type,
  input: inputs,
  output: [output],
  attribute: Object.entries(attributes).map(([key, value]) => ({ name: key, ...attributeValue(value) })),
  metadataProps: [
    ...(stage === '' ? [] : [{ key: 'flopscope.stage', value: encodable(stage) }]),
    ...(block === '' ? [] : [{ key: 'flopscope.block', value: encodable(block) }]),
    ...(op === undefined ? [] : [{ key: 'flopscope.op', value: op }]),
  ],
});

function attributeValue(value: AttributeValue): Written<'Attribute'> {
  if (typeof value === 'number') return { i: value, type: ATTRIBUTE_TYPES.int };
  if (typeof value === 'string') return { s: value, type: ATTRIBUTE_TYPES.string };
  if ('float' in value) return { f: value.float, type: ATTRIBUTE_TYPES.float };
  return { ints: value, type: ATTRIBUTE_TYPES.ints };
}

const floats = (name: string, dim: readonly Written<'Dimension'>[]): Written<'ValueInfo'> => ({
  name,
  type: { tensorType: { elemType: DATA_TYPES.float, shape: { dim } } },
});

const valueMessage = ({ name, shape }: Value, draft: Draft): Written<'ValueInfo'> =>
  floats(
    draft.nameOf(name),
    shape.map((side) => (isNumber(side) ? { dimValue: side } : { dimParam: show(side) })),
  );

const inputMessage = ({ name, sides }: DraftTensor): Written<'ValueInfo'> =>
  floats(
    name,
    sides.map((side) => ({ dimValue: side })),
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
