// Zip archives: members are read exactly, only what is asked for is read, and archives that lie are refused.

import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/importers/zip/archive.js';
import { isZip } from '../../../src/importers/zip/directory.js';
import type { ByteSource } from '../../../src/importers/modelFile.js';
import { InputError } from '../../../src/inputError.js';
import { type Ending, type Part, zipOf } from './zipOf.js';

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (start, length) => {
    if (start < 0 || length < 0 || start + length > bytes.length) throw new Error(`read outside: ${start} ${length}`);
    return bytes.subarray(start, start + length);
  },
});
const open = (parts: readonly Part[], ending?: Ending) => openArchive(sourceOf(zipOf(parts, ending)));
const TEXT = 'multiply-adds '.repeat(1000);

describe('members', () => {
  it('are read whether they are stored or deflated, padded or after a comment', () => {
    const parts = [
      { name: 'm/model.json', content: TEXT, deflate: true },
      { name: 'm/byteorder', content: 'little', padding: 64 },
      { name: 'm/empty', content: '' },
      { name: 'm/nothing', content: '', deflate: true },
    ];
    for (const ending of [{}, { comment: 'made by a test' }, { wide: true }]) {
      const archive = open(parts, ending);
      expect(archive.members.map(({ name }) => name)).toEqual(parts.map(({ name }) => name));
      for (const { name, content } of parts) expect(archive.text(name)).toBe(content);
    }
  });

  it('may have sizes of 64 bits', () => {
    expect(open([{ name: 'a', content: TEXT, deflate: true, wide: true }], { wide: true }).text('a')).toBe(TEXT);
  });

  it('are what another writer of archives packed', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.uint8Array({ maxLength: 200 }), { minKeys: 1 }),
        fc.constantFrom(0 as const, 6 as const),
        (files, level) => {
          const archive = openArchive(sourceOf(zipSync({ ...files }, { level })));
          for (const [name, content] of Object.entries(files)) expect(archive.read(name)).toEqual(content);
          expect(archive.members).toHaveLength(Object.keys(files).length);
        },
      ),
      { seed: 12, numRuns: 100 },
    );
  });

  it('that nobody asks for are not read', () => {
    const weights = new Uint8Array(1_000_000);
    const bytes = zipOf([
      { name: 'weights', content: weights },
      { name: 'model.json', content: TEXT },
    ]);
    let read = 0;
    const source: ByteSource = {
      size: bytes.length,
      read: (start, length) => {
        read += length;
        return bytes.subarray(start, start + length);
      },
    };
    expect(openArchive(source).text('model.json')).toBe(TEXT);
    // The end record may stand behind a comment of 64 KiB.
    expect(read).toBeLessThan(TEXT.length + 66_000);
  });

  it('tells a zip archive by its first bytes', () => {
    expect(isZip(zipOf([{ name: 'a', content: 'x' }]))).toBe(true);
    expect(isZip(zipOf([]))).toBe(true);
    expect(isZip(new TextEncoder().encode('PK is no archive'))).toBe(false);
    expect(isZip(new Uint8Array([0x50, 0x4b]))).toBe(false);
  });
});

describe('an archive that lies', () => {
  const refusal = (parts: readonly Part[], ending?: Ending, name = parts[0]!.name): string => {
    try {
      open(parts, ending).read(name, 1_000_000);
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return 'read';
  };
  const zeros = new Uint8Array(100_000);

  it.each<[what: string, parts: readonly Part[], says: RegExp]>([
    ['a bomb', [{ name: 'a', content: zeros, deflate: true, claims: { size: 500 } }], /inflates past the 500 bytes/],
    ['fewer bytes', [{ name: 'a', content: zeros, deflate: true, claims: { size: 100_001 } }], /100000 .* of 100001/],
    ['an impossible ratio', [{ name: 'a', content: 'x', deflate: true, claims: { size: 999_999 } }], /claims more/],
    ['an absurd size', [{ name: 'a', content: 'x', claims: { size: 2 ** 31 } }], /at most 1000000 bytes are read/],
    ['two sizes', [{ name: 'a', content: 'x', claims: { size: 2 } }], /two sizes/],
    ['a wrong checksum', [{ name: 'a', content: 'x', claims: { crc32: 7 } }], /checksum of "a"/],
    ['no deflate stream', [{ name: 'a', content: '\x07\x07', claims: { method: 8 } }], /"a" does not inflate/],
    ['an unknown method', [{ name: 'a', content: 'x', claims: { method: 93 } }], /method 93/],
    ['a password', [{ name: 'a', content: 'x', claims: { flags: 1 } }], /encrypted/],
    ['a way out', [{ name: 'm/../../a', content: 'x' }], /leads outside/],
    ['a way out for Windows', [{ name: 'm\\..\\a', content: 'x' }], /leads outside/],
    ['a name of several lines', [{ name: 'm/a\rb', content: 'x' }], /named "m\/a\\rb", which/],
    ['a place on the disk', [{ name: '/etc/a', content: 'x' }], /leads outside/],
    ['an end outside', [{ name: 'a', content: 'x', claims: { packed: 9999, size: 9999 } }], /ends outside/],
    [
      'overlapping members',
      [
        { name: 'a', content: TEXT },
        { name: 'b', content: 'x', claims: { start: 100 } },
      ],
      /"a" and "b" overlap/,
    ],
    [
      'two members of one name',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
      /two members "a"/,
    ],
    [
      'a local header that is none',
      [
        { name: 'a', content: 'x', claims: { start: 1, packed: 0, size: 0 } },
        { name: 'b', content: TEXT },
      ],
      /"a" is not where it should be/,
    ],
  ])('with %s is refused', (_, parts, says) => {
    expect(refusal(parts)).toMatch(says);
  });

  it('with a local header that reaches into the next member is refused', () => {
    const bytes = zipOf([
      { name: 'a', content: 'x' },
      { name: 'b', content: TEXT },
    ]);
    bytes[28] = 50;
    expect(() => openArchive(sourceOf(bytes)).read('a')).toThrow(/"a" reaches into what follows it/);
  });

  it('about the number of its members is refused', () => {
    expect(refusal([{ name: 'a', content: 'x' }], { members: 2 })).toMatch(/ends too early/);
    expect(refusal([{ name: 'a', content: 'x' }], { members: 2 ** 33, wide: true })).toMatch(/at most 100000 members/);
  });

  it('or is cut short is refused', () => {
    const bytes = zipOf([{ name: 'a', content: TEXT, deflate: true }], { wide: true });
    for (let length = 0; length < bytes.length; length++)
      expect(() => openArchive(sourceOf(bytes.subarray(0, length)))).toThrow(InputError);
  });

  it('anywhere in its bytes is read or refused, and no byte outside of it is asked for', () => {
    const sound = zipOf(
      [
        { name: 'a', content: TEXT, deflate: true, wide: true },
        { name: 'b', content: 'x', padding: 9 },
      ],
      { wide: true },
    );
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const bytes = sound.slice();
        bytes[at] = byte;
        try {
          const archive = openArchive(sourceOf(bytes));
          for (const { name } of archive.members) archive.read(name);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 12, numRuns: 1000 },
    );
  });
});
