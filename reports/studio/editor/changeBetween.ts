// Finds what differs between two texts, so that a new text replaces no more than that.

/** The middle that differs: what stands before and behind it keeps cursors and marks. */
export function changeBetween(
  old: string,
  text: string,
): { readonly from: number; readonly to: number; readonly insert: string } {
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
}
