// Are names drawn as they are typed? The letters of the page and of the canvases have no feature that changes them by itself.

import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

/** The table of a font, from a TrueType or a WOFF file. */
function tableOf(font: Buffer, wanted: string): Buffer {
  const woff = font.toString('latin1', 0, 4) === 'wOFF';
  const [count, start, size] = woff ? [font.readUInt16BE(12), 44, 20] : [font.readUInt16BE(4), 12, 16];
  for (let at = start; at < start + size * count; at += size) {
    if (font.toString('latin1', at, at + 4) !== wanted) continue;
    if (!woff) return font.subarray(font.readUInt32BE(at + 8), font.readUInt32BE(at + 8) + font.readUInt32BE(at + 12));
    const [offset, packed, length] = [4, 8, 12].map((field) => font.readUInt32BE(at + field)) as [
      number,
      number,
      number,
    ];
    const data = font.subarray(offset, offset + packed);
    return packed < length ? inflateSync(data) : data;
  }
  throw new Error(`the font has no ${wanted}`);
}

function featuresOf(font: Buffer): readonly string[] {
  const table = tableOf(font, 'GSUB');
  const list = table.readUInt16BE(6);
  return Array.from({ length: table.readUInt16BE(list) }, (_, i) =>
    table.toString('latin1', list + 2 + 6 * i, list + 6 + 6 * i),
  );
}

describe.each(['inter-400.ttf', 'inter-600.ttf', 'inter-400.woff', 'inter-600.woff'])('%s', (name) => {
  it('draws 32x4d with an x: no contextual alternates, but the figures of tables', () => {
    const features = featuresOf(readFileSync(`dist/fonts/${name}`));
    expect(features).not.toContain('calt');
    expect(features).toContain('tnum');
  });
});
