// The name of a model, from the name of the file that it was read from.

const LONGEST_NAME = 100;

/**
 * The file's name without folders and ending, as short as names are; control characters become "?".
 */
export function baseName(path: string): string {
  const file = path.split(/[/\\]/).at(-1)!;
  return (
    file
      .replace(/(?<=.)\.[A-Za-z0-9]+$/, '')
      .replaceAll(/\p{C}/gu, '?')
      .slice(0, LONGEST_NAME) || 'model'
  );
}
