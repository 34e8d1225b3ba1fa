// ARCHITECTURE.md names files that exist, and says in at most five lines where each new thing goes.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('ARCHITECTURE.md', 'utf8');
const recipes = text
  .slice(text.indexOf('## Where a new thing goes'), text.indexOf('## How a file format is read'))
  .split(/\n\n/)
  .filter((part) => part.startsWith('**'));
/** Paths from the root; capitals stand for a name that a reader chooses. */
const pathsIn = (part: string): readonly string[] =>
  [...part.matchAll(/`((?:src|cli|reports|test|fixtures)\/[\w./-]+)`/g)]
    .map(([, path]) => path!)
    .filter((path) => !/\b[A-Z]{3,}\b/.test(path));

describe('ARCHITECTURE.md', () => {
  it.each(['An op', 'A family', 'A file format', 'An engine', 'A metric', 'A counter', 'A chart', 'A command'])(
    '%s: at most five lines, which name files to touch',
    (title) => {
      const recipe = recipes.find((part) => part.startsWith(`**${title}.**`))!;
      expect(recipe.split('\n').length).toBeLessThanOrEqual(5);
      expect(pathsIn(recipe).length).toBeGreaterThan(1);
    },
  );

  it('names files that are there', () => {
    const named = pathsIn(text);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
