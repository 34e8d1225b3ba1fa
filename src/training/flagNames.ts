// Names of segments on a command line: "a,b c" is three names, and a comma of a name is escaped.

/** Names out of the arguments of a flag. */
export const namesOf = (args: readonly string[]): readonly string[] =>
  args
    .flatMap((text) => text.split(/(?<!\\),/))
    .map((name) => name.replaceAll('\\,', ','))
    .filter(Boolean);

/** A name as an argument of a shell, from which `namesOf` reads it. */
export function flagOf(name: string): string {
  const escaped = name.replaceAll(',', '\\,');
  return /^[\w./:@%+=-]+$/.test(escaped) ? escaped : `'${escaped.replaceAll("'", "'\\''")}'`;
}
