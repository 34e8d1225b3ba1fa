// Is our SHA-256 that of FIPS 180-4, and our base64 that of RFC 4648?

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, sha256 } from '../../../reports/report/sha256.js';

const hex = (text: string): string => Buffer.from(sha256(text)).toString('hex');

describe('sha256', () => {
  it('of "abc" and of nothing are the standard\'s examples', () => {
    expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('of every length around a block, and of other letters, is that of Node', () => {
    for (const length of [1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 300_000])
      expect(hex('é'.repeat(length))).toBe(createHash('sha256').update('é'.repeat(length)).digest('hex'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
      { seed: 256, numRuns: 200 },
    );
  });

  it('base64 is that of Node, also of many bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
      { seed: 64, numRuns: 100 },
    );
    const many = Uint8Array.from({ length: 50_001 }, (_, i) => (i * 131) % 256);
    expect(base64(many)).toBe(Buffer.from(many).toString('base64'));
  });
});
