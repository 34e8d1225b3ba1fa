// Writes tensors as bytes: descriptions first, then the values, in the same file or a second one.

import { product } from '../../weights/weights.js';
import type { DraftTensor } from './writeDraft.js';
import { DATA_TYPES } from '../../importers/onnx/messages.js';
import { encode, field, opening, type Written } from './writeMessage.js';

/** A file that is made while it is written. */
export interface Pieces {
  /** Bytes of all pieces. */
  readonly size: number;
  pieces(): Iterable<Uint8Array>;
}

/** Numbers of fields that are written piece by piece: Graph.initializer, Tensor.raw_data. */
const [INITIALIZER, RAW_DATA] = [5, 9] as const;
/** Where a weight in a file of its own begins: a page, so that a runtime can map it. */
const ALIGNMENT = 4096;

const bytesIn = ({ type, sides }: DraftTensor): number => product(sides) * (type === 'float' ? 4 : 8);

/** Its values, little end first, as every machine that Node runs on has them. */
export const bytesOf = (tensor: DraftTensor): Uint8Array => {
  const { buffer, byteOffset, byteLength } = tensor.values();
  return new Uint8Array(buffer, byteOffset, byteLength);
};

const descriptionOf = ({ name, type, sides }: DraftTensor): Written<'Tensor'> => ({
  name,
  dataType: DATA_TYPES[type],
  dims: sides,
});

export interface Head {
  readonly tensor: DraftTensor;
  /** All of the tensor's field but its bytes, which come last. */
  readonly head: Uint8Array;
  readonly bytes: number;
}

export function headOf(tensor: DraftTensor): Head {
  const bytes = bytesIn(tensor);
  const description = encode('Tensor', descriptionOf(tensor));
  const data = opening(RAW_DATA, bytes);
  const start = opening(INITIALIZER, description.length + data.length + bytes);
  return { tensor, head: joined([start, description, data]), bytes };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * The whole field of a tensor whose values are in another file, named as it stands beside the
 * first.
 */
export const elsewhere = ({ tensor, offset }: Placed, file: string): Uint8Array =>
  field(
    INITIALIZER,
    encode('Tensor', {
      ...descriptionOf(tensor),
      externalData: [
        { key: 'location', value: file },
        { key: 'offset', value: String(offset) },
        { key: 'length', value: String(bytesIn(tensor)) },
      ],
      dataLocation: EXTERNAL,
    }),
  );

/** TensorProto.DataLocation. */
const EXTERNAL = 1;

export interface Placed {
  readonly tensor: DraftTensor;
  readonly offset: number;
}

/** One after the other, each at the start of a page. */
export const placed = (tensors: readonly DraftTensor[]): readonly Placed[] => {
  let end = 0;
  return tensors.map((tensor) => {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = offset + bytesIn(tensor);
    return { tensor, offset };
  });
};

/** The file that holds all of them, zeros between. */
export function filed(tensors: readonly Placed[]): Pieces {
  const last = tensors.at(-1);
  return {
    size: last ? last.offset + bytesIn(last.tensor) : 0,
    *pieces() {
      let end = 0;
      for (const { tensor, offset } of tensors) {
        if (offset > end) yield new Uint8Array(offset - end);
        yield bytesOf(tensor);
        end = offset + bytesIn(tensor);
      }
    },
  };
}
