// Merges our settings of Dawn with the user's. Each key occurs once: Dawn drops a repeated one.

/** Dawn rounds timestamps to 65.536 us unless told not to: more than most kernels take. */
const OURS = ['disable-dawn-features=timestamp_quantization'];

/** Keys whose values are lists; each other key has one value. */
const LISTS: ReadonlySet<string> = new Set(['enable-dawn-features', 'disable-dawn-features']);

/**
 * @param given entries "key=value" of --dawn-toggle; Dawn itself refuses malformed ones
 */
export function dawnSettings(given: readonly string[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  const strange: string[] = [];
  for (const entry of [...OURS, ...given]) {
    const [key, value] = split(entry);
    if (value === undefined) strange.push(entry);
    else if (LISTS.has(key)) values.set(key, new Set([...(values.get(key) ?? []), ...value.split(',')]));
    else values.set(key, new Set([value])); // the last one counts, as on any command line
  }
  return [...[...values].map(([key, all]) => `${key}=${[...all].join(',')}`), ...strange];
}

function split(entry: string): readonly [string, string | undefined] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}
