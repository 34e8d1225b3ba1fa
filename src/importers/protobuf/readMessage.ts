// Reads a protobuf message by a table of fields. Weights and unnamed fields are passed over.

import { InputError } from '../../inputError.js';
import type { Bytes, FieldRow, MessageOf, MessageTable } from './message.js';
import type { ByteSource } from '../modelFile.js';
import { DELIMITED, EIGHT_BYTES, FOUR_BYTES, VARINT, Wire } from './wire.js';

/** Past these a file describes no network. */
const MOST_PARTS = 1_500_000;
const LONGEST_TEXT = 10_000;
const MOST_TEXT = 2 ** 26;
/** Elements of a repeated number that are kept, and bytes; longer ones are weights. */
export const MOST_NUMBERS = 4096;
const MOST_BYTES = 8 * MOST_NUMBERS;
/**
 * Messages inside messages, which only graphs inside graphs reach. Those further inside are passed
 * over.
 */
const DEEPEST = 64;

interface FieldOf {
  readonly key: string;
  readonly kind: string;
  readonly many: boolean;
}

interface Layout {
  readonly byNumber: ReadonlyMap<number, FieldOf>;
  readonly lists: readonly string[];
}

type Layouts = ReadonlyMap<string, Layout>;

const layouts = new WeakMap<MessageTable, Layouts>();

function layoutsOf(table: MessageTable): Layouts {
  const known = layouts.get(table);
  if (known) return known;
  const made = new Map(Object.entries(table).map(([name, fields]) => [name, layoutOf(fields)] as const));
  layouts.set(table, made);
  return made;
}

function layoutOf(fields: Readonly<Record<string, FieldRow>>): Layout {
  const rows = Object.entries(fields).map(([key, { number, kind, many }]) => [number, { key, kind, many }] as const);
  return { byNumber: new Map(rows), lists: rows.filter(([, row]) => row.many).map(([, row]) => row.key) };
}

/**
 * @param most parts that a file of this kind may have
 * @throws InputError where the bytes are no such message, or describe more than any network has
 */
export const readMessage = <T extends MessageTable, M extends keyof T & string>(
  source: ByteSource,
  table: T,
  name: M,
  most = MOST_PARTS,
): MessageOf<T, M> => new Reader(source, layoutsOf(table), most).message(name, source.size) as MessageOf<T, M>;

const NOTHING: readonly never[] = Object.freeze([]);
const utf8 = new TextDecoder();

type Draft = Record<string, unknown>;

class Reader {
  private readonly wire: Wire;
  private parts = 0;
  private text = 0;
  /** How many messages the reader is inside of. */
  private depth = 0;

  constructor(
    source: ByteSource,
    private readonly layouts: Layouts,
    private readonly most: number,
  ) {
    this.wire = new Wire(source);
  }

  message(name: string, end: number): object {
    const { byNumber, lists } = this.layouts.get(name)!;
    const { wire } = this;
    const draft: Draft = {};
    for (const key of lists) draft[key] = NOTHING;
    while (wire.position < end) {
      const tag = wire.length();
      const [number, encoding] = [Math.floor(tag / 8), tag % 8];
      if (number === 0) throw wire.damaged();
      const field = byNumber.get(number);
      const deep = field !== undefined && this.depth === DEEPEST && this.layouts.has(field.kind);
      if (field === undefined || field.kind === 'unread' || deep) {
        this.pass(encoding);
        if (field && !deep) draft[field.key] = field.many ? [true] : true;
      } else this.field(draft, field, encoding);
    }
    if (wire.position !== end) throw wire.damaged();
    return draft;
  }

  private field(draft: Draft, { key, kind, many }: FieldOf, encoding: number): void {
    const number = NUMBERS[kind];
    if (number && encoding === DELIMITED && many) {
      this.packed(list(draft, key), number);
      return;
    }
    if (encoding !== (number?.encoding ?? DELIMITED)) throw this.wire.damaged();
    if (!many) {
      draft[key] = this.value(kind);
      return;
    }
    const items = list(draft, key);
    const value = this.value(kind);
    if (!number || items.length <= MOST_NUMBERS) items.push(value);
  }

  private value(kind: string): unknown {
    if (++this.parts > this.most) throw new InputError(`it has more than ${this.most} parts, which no network has`);
    const number = NUMBERS[kind];
    if (number) return number.read(this.wire);
    const length = this.wire.length();
    const end = this.wire.position + length;
    if (end > this.wire.size) throw this.wire.damaged();
    if (kind === 'text') return this.string(length);
    if (kind === 'bytes') return this.kept(length);
    this.depth++;
    const message = this.message(kind, end);
    this.depth--;
    return message;
  }

  private string(length: number): string {
    this.text += length;
    if (length > LONGEST_TEXT || this.text > MOST_TEXT)
      throw new InputError(`it has a name or text of ${length} bytes, and at most ${LONGEST_TEXT} are read`);
    return utf8.decode(this.wire.bytes(length));
  }

  private kept(length: number): Bytes {
    const start = this.wire.position;
    if (length <= MOST_BYTES) return { start, length, content: this.wire.bytes(length).slice() };
    this.wire.skip(length);
    return { start, length };
  }

  /** Elements past those that are kept are passed over. */
  private packed(items: unknown[], { read }: NumberKind): void {
    const length = this.wire.length();
    if (length > this.wire.size - this.wire.position) throw this.wire.damaged();
    const from = this.wire.position;
    while (this.wire.position < from + length && items.length <= MOST_NUMBERS) items.push(read(this.wire));
    if (items.length <= MOST_NUMBERS && this.wire.position !== from + length) throw this.wire.damaged();
    this.wire.position = from + length;
  }

  private pass(encoding: number): void {
    const { wire } = this;
    if (encoding === VARINT) wire.int();
    else if (encoding === EIGHT_BYTES) wire.skip(8);
    else if (encoding === DELIMITED) wire.skip(wire.length());
    else if (encoding === FOUR_BYTES) wire.skip(4);
    else throw wire.damaged();
  }
}

interface NumberKind {
  readonly encoding: number;
  read(wire: Wire): number;
}

const NUMBERS: Readonly<Record<string, NumberKind>> = {
  int: { encoding: VARINT, read: (wire) => wire.int() },
  float: { encoding: FOUR_BYTES, read: (wire) => wire.float() },
  double: { encoding: EIGHT_BYTES, read: (wire) => wire.double() },
};

function list(draft: Draft, key: string): unknown[] {
  if (draft[key] === NOTHING) draft[key] = [];
  return draft[key] as unknown[];
}
