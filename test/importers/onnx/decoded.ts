// What stands in a written file? A plain walk over protobuf's keys, with the numbers of onnx.proto where they are needed.

import protobuf from 'protobufjs/minimal.js';

type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = protobuf.Reader.create(bytes);
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    const [number, wire] = [key >>> 3, key & 7];
    const value = wire === 0 ? Number(reader.int64()) : wire === 2 ? reader.bytes() : reader.float();
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number): readonly Fields[] =>
  (fields.get(number) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));
const text = (fields: Fields, number: number): string => Buffer.from(fields.get(number)![0] as Uint8Array).toString();

/** The graph of a file: names of nodes, inputs and initializers, and what nodes say beside. */
export function decoded(bytes: Uint8Array) {
  const [graph] = messages(fieldsOf(bytes), 7) as [Fields];
  return {
    node: messages(graph, 1).map((node) => ({
      name: text(node, 3),
      metadataProps: messages(node, 9).map((entry) => ({ key: text(entry, 1), value: text(entry, 2) })),
    })),
    input: messages(graph, 11).map((input) => ({ name: text(input, 1) })),
    initializer: messages(graph, 5).map((tensor) => ({ name: text(tensor, 8), tensor })),
  };
}

export interface Tensor {
  readonly sides: readonly number[];
  readonly values: Float32Array;
}

/** Initializers that are no constants of an op: ours have a dot before the parameter's name. */
export const weightsOf = (bytes: Uint8Array): ReadonlyMap<string, Tensor> =>
  new Map(
    decoded(bytes)
      .initializer.filter(({ name }) => /\.(weight|bias|running_mean|running_var)$/.test(name))
      .map(({ name, tensor }) => {
        const raw = tensor.get(9)![0] as Uint8Array;
        return [
          name,
          { sides: tensor.get(1) as readonly number[], values: new Float32Array(new Uint8Array(raw).buffer) },
        ];
      }),
  );
