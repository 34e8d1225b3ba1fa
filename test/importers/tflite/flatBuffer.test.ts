// Tests that FlatBuffers are read by vtable, page by page, and that no offset leads outside of the file.

import { describe, expect, it } from 'vitest';
import { FlatBuffer } from '../../../src/importers/tflite/flatBuffer.js';
import { InputError } from '../../../src/inputError.js';

const sourceOf = (bytes: Uint8Array, reads: number[] = []) => ({
  size: bytes.length,
  read(start: number, length: number): Uint8Array {
    reads.push(length);
    return bytes.subarray(start, start + length);
  },
});

/** The head of a real file: root at 28, vtable at 8 with eight slots, of which number 5 is empty. */
const HEAD = '1c000000 54464c33 1400 2000 1c00 1800 1400 1000 0c00 0000 0800 0400 14000000';
const head = Uint8Array.from([...Buffer.from(HEAD.replaceAll(' ', ''), 'hex'), ...new Array<number>(40).fill(0)]);

describe('FlatBuffer', () => {
  it('finds fields by the vtable, and none where the slot is empty or past the end', () => {
    const buffer = new FlatBuffer(sourceOf(head));
    expect(buffer.root).toBe(28);
    const places = [0, 1, 4, 5, 7, 8, 100].map((id) => buffer.field(28, id, 4));
    expect(places).toEqual([56, 52, 40, undefined, 32, undefined, undefined]);
  });

  it('reads numbers of every width where they cross a page', () => {
    const bytes = new Uint8Array(3 * 16384);
    const view = new DataView(bytes.buffer);
    view.setInt32(16382, -7, true);
    view.setFloat32(2 * 16384 - 1, 0.5, true);
    view.setBigUint64(100, 2n ** 40n + 5n, true);
    const buffer = new FlatBuffer(sourceOf(bytes));
    expect([buffer.i32(16382), buffer.f32(32767), buffer.u64(100)]).toEqual([-7, 0.5, 2 ** 40 + 5]);
  });

  it('reads a page once', () => {
    const reads: number[] = [];
    const buffer = new FlatBuffer(sourceOf(new Uint8Array(50_000), reads));
    for (let at = 0; at < 16_000; at += 4) buffer.u32(at);
    expect(reads).toEqual([16384]);
  });

  it.each<readonly [string, (buffer: FlatBuffer) => unknown]>([
    ['a table behind the end', (buffer) => buffer.field(4000, 0, 4)],
    ['a vtable before the start', (buffer) => buffer.field(64, 0, 4)],
    ['a field behind its table', (buffer) => buffer.field(28, 0, 8)],
    ['an offset of 0, which leads to itself', (buffer) => buffer.target(40)],
    ['an offset past the end', (buffer) => buffer.target(0 + 28)],
    ['a vector longer than the file', (buffer) => buffer.vector(72, 1)],
  ])('refuses %s', (_, read) => {
    const bytes = head.slice(0, 96);
    const view = new DataView(bytes.buffer);
    view.setInt32(64, 1000, true);
    const long = Uint8Array.from([...bytes, ...new Array<number>(30).fill(0)]);
    new DataView(long.buffer).setUint32(72, 8, true);
    new DataView(long.buffer).setUint32(80, 2 ** 31, true);
    new DataView(long.buffer).setUint32(28, 2 ** 32 - 1, true);
    const buffer = new FlatBuffer(sourceOf(_.startsWith('a field') ? bytes : long));
    expect(() => read(buffer)).toThrow(InputError);
    expect(() => read(buffer)).toThrow(/^it is damaged or cut short at byte \d+ of \d+: convert or copy it again$/);
  });
});
