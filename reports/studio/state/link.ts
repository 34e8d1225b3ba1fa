// The state in a link: JSON, deflated, in the letters that an address may have. No server sees it.

import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { readState } from './readState.js';
import { closed, type State } from './state.js';

/** What stands before the state behind the # of an address. */
const MARK = 's=';
/** Bytes of JSON. A link that unfolds to more was not made here. */
const MOST_BYTES = 4 * 2 ** 20;

/** The part of an address behind #. Tabs of files are left out: their bytes are not in it. */
export function linkOf(state: State): string {
  const own = withoutFiles(state);
  return `#${MARK}${lettersOf(deflateSync(strToU8(JSON.stringify(own)), { level: 9 }))}`;
}

export const withoutFiles = (state: State): State =>
  state.tabs
    .filter(({ source }) => source.kind === 'file')
    .reduce((left, { id }) => closed(left, id), {
      ...state,
      pinned: state.pinned?.source.kind === 'file' ? null : state.pinned,
    });

/**
 * @param hash of an address, with its #
 * @returns undefined where it holds no state; null for one that is damaged
 */
export function stateIn(hash: string): State | null | undefined {
  if (!hash.startsWith(`#${MARK}`)) return undefined;
  try {
    return readState(JSON.parse(strFromU8(inflated(bytesOf(hash.slice(1 + MARK.length)))))) ?? null;
  } catch {
    return null;
  }
}

/** @throws where it unfolds to more than a state has */
function inflated(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    size += part.length;
    if (size > MOST_BYTES) throw new RangeError('the link unfolds to more than a state has');
    parts.push(part);
  });
  // In pieces, so that the limit is met before much has been unfolded.
  for (let at = 0; at < bytes.length; at += 1024)
    inflate.push(bytes.subarray(at, at + 1024), at + 1024 >= bytes.length);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Base64 with - and _ and without padding (RFC 4648, section 5). */
const lettersOf = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const bytesOf = (letters: string): Uint8Array =>
  Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
