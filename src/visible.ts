// Shows a name from a file on one line, shortened and without control characters.

/** Control, bidirectional and zero-width characters become "?"; line breaks become spaces. */
export const visible = (text: string): string =>
  PLAIN.test(text) ? text : text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');

/** Most texts are printable ASCII without two spaces in a row. These stay as they are. */
const PLAIN = /^(?!.* {2})[\x20-\x7e]*$/;

/** A long name loses its middle. */
export function abbreviate(text: string, longest = 64): string {
  const plain = visible(text);
  const half = Math.floor((longest - 3) / 2);
  return plain.length <= longest ? plain : `${plain.slice(0, half)}...${plain.slice(-half)}`;
}
