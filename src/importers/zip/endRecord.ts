// Finds the end record of a zip archive, which says where its directory lies.

import { damaged } from './damaged.js';
import { recordView, wideNumber } from './fields.js';
import type { ByteSource } from '../modelFile.js';

/** Where the directory lies and how many members it lists. */
export interface EndRecord {
  readonly members: number;
  readonly start: number;
  readonly length: number;
}

const SIGNATURE = 0x06054b50;
const LENGTH = 22;
const MOST_COMMENT = 0xffff;

const WIDE_SIGNATURE = 0x06064b50;
const WIDE_LENGTH = 56;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_LENGTH = 20;

/** The values that say that the true number stands in a record of zip64. */
export const IN_ZIP64_16 = 0xffff;
export const IN_ZIP64_32 = 0xffffffff;

/** @throws InputError where there is none, or where it points outside of the archive */
export function endRecord(source: ByteSource): EndRecord {
  const length = Math.min(source.size, LENGTH + MOST_COMMENT);
  const view = recordView(source.read(source.size - length, length));
  const at = lastRecord(view);
  if (at === undefined) throw damaged('the list of its members is missing at the end');
  const start = source.size - length + at;
  const plain: EndRecord = {
    members: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  const wide = plain.members === IN_ZIP64_16 || plain.length === IN_ZIP64_32 || plain.start === IN_ZIP64_32;
  const found = (wide ? wideRecord(source, start) : undefined) ?? plain;
  if (found.start + found.length > start) throw damaged('the list of its members lies outside of it');
  return found;
}

/**
 * The comment of the archive follows the record and ends the file. Of several places that fit, the
 * last one counts.
 */
function lastRecord(view: DataView): number | undefined {
  for (let at = view.byteLength - LENGTH; at >= 0; at--)
    if (view.getUint32(at, true) === SIGNATURE && at + LENGTH + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  return undefined;
}

/** The end record of zip64. An archive of exactly 65,535 members may have none. */
function wideRecord(source: ByteSource, end: number): EndRecord | undefined {
  if (end < LOCATOR_LENGTH) return undefined;
  const locator = recordView(source.read(end - LOCATOR_LENGTH, LOCATOR_LENGTH));
  if (locator.getUint32(0, true) !== LOCATOR_SIGNATURE) return undefined;
  const at = wideNumber(locator, 8);
  if (at + WIDE_LENGTH > end) throw damaged('its zip64 record lies outside of it');
  const view = recordView(source.read(at, WIDE_LENGTH));
  if (view.getUint32(0, true) !== WIDE_SIGNATURE) throw damaged('its zip64 record is missing');
  return { members: wideNumber(view, 32), length: wideNumber(view, 40), start: wideNumber(view, 48) };
}
