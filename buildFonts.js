// Which letters go into dist/? Inter as woff2 for the page, and as ttf for canvases, some of which read nothing else.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const SOURCE = 'node_modules/@fontsource/inter';

export function buildFonts(folder) {
  mkdirSync(folder, { recursive: true });
  for (const weight of [400, 600]) {
    const file = `${SOURCE}/files/inter-latin-${weight}-normal`;
    cpSync(`${file}.woff2`, `${folder}/inter-${weight}.woff2`);
    writeFileSync(`${folder}/inter-${weight}.ttf`, unwrap(readFileSync(`${file}.woff`)));
  }
  cpSync(`${SOURCE}/LICENSE`, `${folder}/LICENSE`);
}

/** WOFF 1.0 to TrueType: the same tables, inflated, behind the older header (W3C WOFF 1.0, sections 3-5). */
function unwrap(woff) {
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const at = 44 + 20 * i;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((field) => woff.readUInt32BE(at + field));
    const data = woff.subarray(offset, offset + packed);
    return { tag: woff.subarray(at, at + 4), checksum, data: packed < length ? inflateSync(data) : data };
  });
  const power = Math.floor(Math.log2(tables.length));
  const header = Buffer.alloc(12 + 16 * tables.length);
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  [tables.length, 16 * 2 ** power, power, 16 * (tables.length - 2 ** power)].forEach((value, i) =>
    header.writeUInt16BE(value, 4 + 2 * i),
  );
  const parts = [header];
  let offset = header.length;
  tables.forEach(({ tag, checksum, data }, i) => {
    const at = 12 + 16 * i;
    tag.copy(header, at);
    [checksum, offset, data.length].forEach((value, j) => header.writeUInt32BE(value, at + 4 + 4 * j));
    const padding = (4 - (data.length % 4)) % 4;
    parts.push(data, Buffer.alloc(padding));
    offset += data.length + padding;
  });
  return Buffer.concat(parts);
}
