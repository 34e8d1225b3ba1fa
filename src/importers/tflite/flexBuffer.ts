// Reads FlexBuffers, in which custom operators state their options: maps and lists.

import { InputError } from '../../inputError.js';

const KINDS = { map: 9, vector: 10 } as const;
const INT = 1;
const UINT = 2;
const STRING = 5;
const BLOB = 25;
const MOST_ENTRIES = 1000;

/** Where the items of the root stand, how wide they are, and how many there are. */
interface Items {
  readonly at: number;
  readonly width: number;
  readonly count: number;
}

class FlexBuffer {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The root stands at the end: its value, its type, and the bytes that the value takes. */
  items(kind: keyof typeof KINDS): Items {
    const end = this.bytes.length;
    if (end < 3 || this.number(end - 2, 1) >> 2 !== KINDS[kind]) throw damaged();
    const own = this.number(end - 1, 1);
    const root = end - 2 - own;
    const at = root - this.number(root, own);
    const width = 1 << (this.number(end - 2, 1) & 3);
    const count = this.number(at - width, width);
    if (count > MOST_ENTRIES) throw damaged();
    return { at, width, count };
  }

  /** Type and width of an item. They are stored behind the items. */
  typeOf({ at, width, count }: Items, i: number): number {
    return this.number(at + count * width + i, 1);
  }

  number(at: number, width: number): number {
    if (!(at >= 0 && at + width <= this.bytes.length)) throw damaged();
    if (width === 1) return this.view.getUint8(at);
    if (width === 2) return this.view.getUint16(at, true);
    if (width === 4) return this.view.getUint32(at, true);
    throw damaged();
  }

  part(start: number, length: number): Uint8Array {
    if (!(start >= 0 && start + length <= this.bytes.length)) throw damaged();
    return this.bytes.subarray(start, start + length);
  }
}

const damaged = (): InputError => new InputError('its options are no FlexBuffer of its kind');

/**
 * Whole numbers of a map by key; other values are passed over.
 * @throws InputError for bytes that are no map
 */
export function wholeNumbersIn(bytes: Uint8Array): ReadonlyMap<string, number> {
  const buffer = new FlexBuffer(bytes);
  const items = buffer.items('map');
  const { at, width, count } = items;
  const keyWidth = buffer.number(at - 2 * width, width);
  const keys = at - 3 * width - buffer.number(at - 3 * width, width);
  const found = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const slot = keys + i * keyWidth;
    const start = slot - buffer.number(slot, keyWidth);
    const stop = start >= 0 ? bytes.indexOf(0, start) : -1;
    if (stop < 0 || stop - start > MOST_ENTRIES) throw damaged();
    const type = buffer.typeOf(items, i) >> 2;
    const key = String.fromCharCode(...buffer.part(start, stop - start));
    if (type === INT || type === UINT) found.set(key, buffer.number(at + i * width, width));
  }
  return found;
}

/**
 * The texts of a list, as bytes.
 * @throws InputError for bytes that are no list of texts
 */
export function textsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const buffer = new FlexBuffer(bytes);
  const items = buffer.items('vector');
  const { at, width, count } = items;
  return Array.from({ length: count }, (_, i) => {
    const packed = buffer.typeOf(items, i);
    if (packed >> 2 !== STRING && packed >> 2 !== BLOB) throw damaged();
    const slot = at + i * width;
    const start = slot - buffer.number(slot, width);
    const lengthWidth = 1 << (packed & 3);
    return buffer.part(start, buffer.number(start - lengthWidth, lengthWidth));
  });
}
