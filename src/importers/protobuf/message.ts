// The types of protobuf messages: plain data that follows from a table of fields.

/**
 * What a field holds: a whole number, a real one, a text, bytes, nothing that is read, or another
 * message by its name.
 */
export type Scalar = 'int' | 'float' | 'double' | 'text' | 'bytes' | 'unread';

export interface FieldRow {
  readonly number: number;
  readonly kind: string;
  readonly many: boolean;
}

/** Messages by name, with their fields by the names that this code gives them. */
export type MessageTable = Readonly<Record<string, Readonly<Record<string, FieldRow>>>>;

export const one = <K extends string>(number: number, kind: K) => ({ number, kind, many: false }) as const;
export const many = <K extends string>(number: number, kind: K) => ({ number, kind, many: true }) as const;

/**
 * Bytes as they are kept: weights are passed over, so `content` is there only where they are few.
 */
export interface Bytes {
  /** Where they begin in the source; absent where another file holds them. */
  readonly start?: number;
  readonly length: number;
  readonly content?: Uint8Array;
}

interface Scalars {
  readonly int: number;
  readonly float: number;
  readonly double: number;
  readonly text: string;
  readonly bytes: Bytes;
  /** The field is there, and nothing else of it is known. */
  readonly unread: true;
}

type Content<T extends MessageTable, K> = K extends Scalar
  ? Scalars[K]
  : K extends keyof T & string
    ? MessageOf<T, K>
    : never;

/**
 * A message as plain data: repeated fields are lists, single ones are undefined where the file
 * leaves them out.
 */
export type MessageOf<T extends MessageTable, M extends keyof T> = {
  readonly [F in keyof T[M]]: T[M][F] extends { many: true; kind: infer K }
    ? readonly Content<T, K>[]
    : T[M][F] extends { kind: infer K }
      ? Content<T, K> | undefined
      : never;
};
