// Builds the fonts of dist/: Inter as woff for the page, and as ttf for canvases.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';

const SOURCE = 'node_modules/@fontsource/inter';

export function buildFonts(folder) {
  mkdirSync(folder, { recursive: true });
  for (const weight of [400, 600]) {
    const woff = readFileSync(`${SOURCE}/files/inter-latin-${weight}-normal.woff`);
    const tables = tablesOf(woff).map(asWritten);
    const flavor = woff.readUInt32BE(4);
    writeFileSync(`${folder}/inter-${weight}.woff`, woffOf(flavor, tables));
    writeFileSync(`${folder}/inter-${weight}.ttf`, trueTypeOf(flavor, tables));
  }
  cpSync(`${SOURCE}/LICENSE`, `${folder}/LICENSE`);
}

/** The tables of a WOFF 1.0 file, inflated (W3C WOFF 1.0, sections 3-5). */
const tablesOf = (woff) =>
  Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const at = 44 + 20 * i;
    const [offset, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field));
    const data = woff.subarray(offset, offset + packed);
    return { tag: woff.toString('latin1', at, at + 4), data: packed < length ? inflateSync(data) : data };
  });

/**
 * Inter's contextual alternates turn "32x4d" into "32×4d", but a name must look as it is typed.
 * Programs enable the feature `calt` by default, so it gets another name.
 */
function asWritten({ tag, data }) {
  if (tag !== 'GSUB') return { tag, data };
  const features = data.readUInt16BE(6);
  const changed = Buffer.from(data);
  for (let i = 0; i < data.readUInt16BE(features); i++) {
    const at = features + 2 + 6 * i;
    if (data.toString('latin1', at, at + 4) === 'calt') changed.write('calz', at, 'latin1');
  }
  return { tag, data: changed };
}

/** OpenType 1.9, "Calculating checksums": the sum of a table's 32-bit words. */
function checksum(data) {
  const padded = Buffer.concat([data, padding(data.length)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

const padding = (length) => Buffer.alloc((4 - (length % 4)) % 4);

function trueTypeOf(flavor, tables) {
  const power = Math.floor(Math.log2(tables.length));
  const header = Buffer.alloc(12 + 16 * tables.length);
  header.writeUInt32BE(flavor, 0);
  [tables.length, 16 * 2 ** power, power, 16 * (tables.length - 2 ** power)].forEach((value, i) =>
    header.writeUInt16BE(value, 4 + 2 * i),
  );
  const parts = [header];
  let offset = header.length;
  for (const [i, { tag, data }] of tables.entries()) {
    const at = 12 + 16 * i;
    header.write(tag, at, 'latin1');
    [checksum(data), offset, data.length].forEach((value, j) => header.writeUInt32BE(value, at + 4 + 4 * j));
    parts.push(data, padding(data.length));
    offset += data.length + padding(data.length).length;
  }
  return Buffer.concat(parts);
}

function woffOf(flavor, tables) {
  const header = Buffer.alloc(44 + 20 * tables.length);
  const parts = [header];
  let [offset, unpacked] = [header.length, 12 + 16 * tables.length];
  for (const [i, { tag, data }] of tables.entries()) {
    const smaller = deflateSync(data, { level: 9 });
    const stored = smaller.length < data.length ? smaller : data;
    const at = 44 + 20 * i;
    header.write(tag, at, 'latin1');
    [offset, stored.length, data.length, checksum(data)].forEach((value, j) =>
      header.writeUInt32BE(value, at + 4 + 4 * j),
    );
    parts.push(stored, padding(stored.length));
    offset += stored.length + padding(stored.length).length;
    unpacked += data.length + padding(data.length).length;
  }
  header.write('wOFF', 0, 'latin1');
  header.writeUInt32BE(flavor, 4);
  header.writeUInt32BE(offset, 8);
  header.writeUInt16BE(tables.length, 12);
  header.writeUInt32BE(unpacked, 16);
  header.writeUInt16BE(1, 20);
  return Buffer.concat(parts);
}
