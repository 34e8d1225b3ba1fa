// How does a test write an ONNX file? A few words for each node; the rest is what exporters write.

import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { encode, type Written } from '../../../src/exporters/onnx/writeMessage.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';

type AttributeGiven =
  number | string | readonly number[] | { readonly float: number } | Written<'Tensor'> | Written<'Graph'>;
type NodeGiven = readonly [
  op: string,
  inputs: string,
  output: string,
  attributes?: Readonly<Record<string, AttributeGiven>>,
];

export interface Small {
  readonly opset?: number;
  /** Sides are numbers, names or nothing ("?"). */
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Weights: sides alone. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  /** Small constants with their numbers. */
  readonly ints?: Readonly<Record<string, readonly number[] | number>>;
  readonly floats?: Readonly<Record<string, readonly number[] | number>>;
  /** Names of inputs are separated by spaces; "-" stands for one that is left out. */
  readonly nodes: readonly NodeGiven[];
  readonly names?: Readonly<Record<string, string>>;
  readonly outputs?: readonly string[];
  /** What the file says of values on the way. */
  readonly shapes?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly domain?: string;
  /** Weights in half precision, and whole numbers whose values are not in the file: sides alone. */
  readonly halves?: Readonly<Record<string, readonly number[]>>;
  readonly indices?: Readonly<Record<string, readonly number[]>>;
  /** Weights that are bytes: sides alone. */
  readonly bytes?: Readonly<Record<string, readonly number[]>>;
  /** Paths of modules that PyTorch's dynamo exporter writes beside a node, by its first output. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
}

export const int64 = (name: string, values: readonly number[] | number): Written<'Tensor'> => ({
  name,
  dataType: 7,
  dims: typeof values === 'number' ? [] : [values.length],
  int64Data: typeof values === 'number' ? [values] : values,
});
export const float32 = (name: string, values: readonly number[] | number): Written<'Tensor'> => ({
  name,
  dataType: 1,
  dims: typeof values === 'number' ? [] : [values.length],
  floatData: typeof values === 'number' ? [values] : values,
});

export function bytesOf(small: Small): Uint8Array {
  return encode('Model', {
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ version: small.opset ?? 17 }],
    graph: graphFields(small, small.inputs ?? { x: [1, 3, 8, 8] }),
  });
}

/** A branch of an If: it reads names from outside. */
export const branch = (small: Small): Written<'Graph'> => graphFields(small, {});

/** The body of a loop, which takes inputs of its own. */
export const body = (small: Small): Written<'Graph'> => graphFields(small, small.inputs ?? {});

function graphFields(small: Small, inputs: NonNullable<Small['inputs']>): Written<'Graph'> {
  const { weights = {}, ints = {}, floats = {}, nodes, names = {}, shapes = {} } = small;
  const { halves = {}, indices = {}, bytes = {}, scopes = {} } = small;
  const last = nodes.at(-1)?.[2].split(' ')[0];
  return {
    name: 'small',
    input: Object.entries(inputs).map(([name, sides]) => valueInfo(name, sides)),
    valueInfo: Object.entries(shapes).map(([name, sides]) => valueInfo(name, sides)),
    initializer: [
      ...Object.entries(weights).map(([name, dims]) => ({ name, dataType: 1, dims })),
      ...Object.entries(halves).map(([name, dims]) => ({ name, dataType: 10, dims })),
      ...Object.entries(indices).map(([name, dims]) => ({ name, dataType: 7, dims })),
      ...Object.entries(bytes).map(([name, dims]) => ({ name, dataType: 2, dims })),
      ...Object.entries(ints).map(([name, values]) => int64(name, values)),
      ...Object.entries(floats).map(([name, values]) => float32(name, values)),
    ],
    node: nodes.map(([opType, input, output, attributes = {}]) => ({
      opType,
      name: names[output] ?? `n_${output}`,
      domain: small.domain ?? '',
      input: input
        .split(' ')
        .filter(Boolean)
        .map((name) => (name === '-' ? '' : name)),
      output: output.split(' '),
      attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) })),
      metadataProps: scopes[output]
        ? [{ key: 'pkg.torch.onnx.name_scopes', value: `[${scopes[output].map((one) => `'${one}'`).join(', ')}]` }]
        : [],
    })),
    output: (small.outputs ?? (last === undefined ? [] : [last])).map((name) => ({ name })),
  };
}

const valueInfo = (name: string, sides: readonly (number | string)[]): Written<'ValueInfo'> => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      shape: {
        dim: sides.map((side) =>
          typeof side === 'number' ? { dimValue: side } : side === '?' ? {} : { dimParam: side },
        ),
      },
    },
  },
});

function attributeOf(value: AttributeGiven): Written<'Attribute'> {
  if (typeof value === 'number') return { i: value, type: 2 };
  if (typeof value === 'string') return { s: value, type: 3 };
  if (Array.isArray(value)) return { ints: value as readonly number[], type: 7 };
  if ('node' in value) return { g: value, type: 5 };
  return 'float' in value ? { f: value.float, type: 1 } : { t: value as Written<'Tensor'>, type: 4 };
}

export const modelOf = (small: Small, allowUnknown = false) =>
  readOnnx(bytesSource(bytesOf(small)), 'net.onnx', { allowUnknown });

export const graphIn = (small: Small, n?: number, size?: readonly [number, number, number]): Graph =>
  graphOf(modelOf(small), n, size);

/** "conv", "relu": what the file becomes. */
export const opsIn = (graph: Graph): readonly string[] => graph.nodes.map(({ op }) => op);

export const shapeOut = (graph: Graph) => graph.nodes.find(({ name }) => name === graph.outputs[0])!.shape;
