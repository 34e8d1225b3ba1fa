// Writes graphs of TensorFlow as bytes: nodes, functions, frozen graphs and SavedModels.

import { encodeBy } from '../../../src/exporters/onnx/writeMessage.js';
import { MESSAGES } from '../../../src/importers/tfGraph/messages.js';

type Data = Readonly<Record<string, unknown>>;

export interface Node extends Data {
  readonly name: string;
  readonly op: string;
}

const [FLOAT, INT, RESOURCE] = [1, 3, 20];

const shapeOf = (sides: readonly (number | null)[]): Data => ({ dim: sides.map((size) => ({ size: size ?? -1 })) });

export const text = (value: string): Data => ({ s: new TextEncoder().encode(value) });
export const integers = (...i: readonly number[]): Data => ({ list: { i } });
export const flag = (value: boolean): Data => ({ b: value ? 1 : 0 });
export const functionsNamed = (...names: readonly string[]): Data => ({
  list: { function: names.map((name) => ({ name })) },
});
export const shapes = (...all: readonly (readonly number[])[]): Data => ({ list: { shape: all.map(shapeOf) } });
export const functionNamed = (name: string): Data => ({ function: { name } });

export const node = (name: string, op: string, input: readonly string[] = [], attributes: Data = {}): Node => ({
  name,
  op,
  input,
  attribute: Object.entries(attributes).map(([key, value]) => ({ key, value })),
});

export const placeholder = (name: string, sides: readonly (number | null)[]): Node =>
  node(name, 'Placeholder', [], { dtype: { type: FLOAT }, shape: { shape: shapeOf(sides) } });

/** A weight: its numbers are left out but for the first, which stands for all. */
export const weight = (name: string, ...sides: readonly number[]): Node =>
  node(name, 'Const', [], {
    dtype: { type: FLOAT },
    value: { tensor: { dtype: FLOAT, shape: shapeOf(sides), floatVal: [0.5] } },
  });

export const numbers = (name: string, ...values: readonly number[]): Node =>
  node(name, 'Const', [], {
    dtype: { type: INT },
    value: { tensor: { dtype: INT, shape: shapeOf([values.length]), intVal: values } },
  });

/** A weight outside of the graph, and the node that reads it. */
export const variable = (name: string, ...sides: readonly number[]): readonly Node[] => [
  node(name, 'VarHandleOp', [], { dtype: { type: FLOAT }, shape: { shape: shapeOf(sides) } }),
  node(`${name}/Read`, 'ReadVariableOp', [name], { dtype: { type: FLOAT } }),
];

export const conv = (name: string, input: string, filter: string, stride = 1, padding = 'SAME'): Node =>
  node(name, 'Conv2D', [input, filter], {
    strides: integers(1, stride, stride, 1),
    padding: text(padding),
    data_format: text('NHWC'),
  });

export interface Body {
  readonly name: string;
  readonly inputs: readonly string[];
  /** The output's name, and the reference that gives it. */
  readonly returns: Readonly<Record<string, string>>;
  readonly nodes: readonly Node[];
}

const functionOf = ({ name, inputs, returns, nodes }: Body): Data => ({
  signature: {
    name,
    input: inputs.map((one) => ({ name: one })),
    output: Object.keys(returns).map((one) => ({ name: one })),
  },
  node: nodes,
  ret: Object.entries(returns).map(([key, value]) => ({ key, value })),
});

const graphOf = (nodes: readonly Node[], bodies: readonly Body[]): Data => ({
  node: nodes,
  ...(bodies.length > 0 ? { library: { function: bodies.map(functionOf) } } : {}),
});

export const frozen = (nodes: readonly Node[], bodies: readonly Body[] = []): Uint8Array =>
  encodeBy(MESSAGES, 'Graph', graphOf(nodes, bodies));

export interface Ends {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

const infos = (ends: Readonly<Record<string, string>>): readonly Data[] =>
  Object.entries(ends).map(([key, name]) => ({ key, value: { name, dtype: FLOAT } }));

/** `saved_model.pb`. @param signatures by name; the one that loads weights stands beside them */
export const savedModel = (
  nodes: readonly Node[],
  bodies: readonly Body[],
  signatures: Readonly<Record<string, Ends>>,
): Uint8Array =>
  encodeBy(MESSAGES, 'SavedModel', {
    schemaVersion: 1,
    metaGraph: [
      {
        info: { tag: ['serve'], version: '2.21.0' },
        graph: graphOf(nodes, bodies),
        signature: [
          { key: '__saved_model_init_op', value: { output: infos({ init: 'NoOp' }) } },
          ...Object.entries(signatures).map(([key, { inputs, outputs }]) => ({
            key,
            value: { input: infos(inputs), output: infos(outputs) },
          })),
        ],
      },
    ],
  });

export const call = (name: string, body: string, inputs: readonly string[]): Node =>
  node(name, 'StatefulPartitionedCall', inputs, { f: functionNamed(body) });

export const RESOURCE_TYPE = { dtype: { type: RESOURCE } };
