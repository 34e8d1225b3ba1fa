// Looks up a key that a file or a user gives. Names such as "constructor" are in no table.

/** The entry of a key, undefined where the table has none of its own. */
export const lookup = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
