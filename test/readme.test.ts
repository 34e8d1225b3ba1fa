// The README and docs/formats.md show what commands really print: every console block is run again and compared.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capture } from './cli/capture.js';

const pages = ['README.md', 'docs/formats.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
const blocks = [...pages.matchAll(/```console\n([^]*?)```/g)].map(([, text]) => text!);

/** A block holds one or more "$ flopscope ..." lines, each followed by what it prints. */
const calls = blocks.flatMap((block) =>
  block
    .split(/^\$ /m)
    .filter(Boolean)
    .map((call) => {
      const [command = '', ...output] = call.split('\n');
      return { command, output: output.join('\n').trim() };
    })
    .filter(({ command }) => command.startsWith('flopscope ')),
);

describe('README', () => {
  it('shows at least profile, formula and compare', () => {
    for (const name of ['profile', 'formula', 'compare'])
      expect(calls.some(({ command }) => command.startsWith(`flopscope ${name} `))).toBe(true);
  });

  it.each(calls)('$command prints what the README says', async ({ command, output }) => {
    const { out, code } = await capture(command.split(' ').slice(1));
    expect(code).toBe(0);
    // "..." on a line of its own stands for lines that the README leaves out.
    const parts = output.split(/^\.\.\.$/m).map((part) => part.trim());
    let rest = out;
    for (const part of parts) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
    if (parts.length === 1) expect(out.trim()).toBe(output);
  });
});
