// Does docs/library.md show what the library really does? Each block of JavaScript runs as a program of the built package.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const BUILT = existsSync('dist/index.js') && existsSync('dist/browser.js');
const page = readFileSync('docs/library.md', 'utf8');
const examples = [...page.matchAll(/^```js\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm)].map(([, program, printed]) => ({
  program: program!,
  printed: printed!,
}));

/** In a browser fetch gives a file of the site; here it gives one of the repository. */
const FETCH = `import { readFileSync as fileOf } from 'node:fs'; globalThis.fetch = async (path) => new Response(fileOf(path));\n`;

describe('docs/library.md', () => {
  it('says of each example what it prints', () => {
    expect(examples.length).toBe([...page.matchAll(/^```js$/gm)].length);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.skipIf(!BUILT).each(examples)('prints $printed', async ({ program, printed }) => {
    const args = ['--input-type=module', '-e', program.includes('fetch(') ? FETCH + program : program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe(printed);
  });
});
