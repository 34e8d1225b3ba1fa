// Do the tables of the documentation list what the tables of the code hold, no more and no less?

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '../../cli/program.js';
import { plainLook } from '../../cli/screen.js';
import { FILE_CHARTS } from '../../reports/charts/table.js';
import { AUDITS } from '../../src/diagnosis/audits.js';
import { ENGINE_NAMES } from '../../src/engines/engine.js';

/** The words in the first cells of the rows of tables, "| `word` | ...", below a heading. */
const rowsBelow = (page: string, heading: string): readonly string[] => {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(`${heading}\n`);
  expect(from, `${page} has ${heading}`).toBeGreaterThanOrEqual(0);
  const next = /^#+ /m.exec(text.slice(from + heading.length))?.index ?? text.length;
  return [...text.slice(from, from + heading.length + next).matchAll(/^\| `([^`]*)`/gm)].map(([, word]) => word!);
};

describe('tables of the documentation', () => {
  it('docs/figures.md: every chart that is written as a file', () => {
    expect([...rowsBelow('docs/figures.md', '## Charts')].sort()).toEqual(FILE_CHARTS.map(({ id }) => id).sort());
  });

  it('docs/diagnosis.md: every audit', () => {
    expect([...rowsBelow('docs/diagnosis.md', '## What it looks for')].sort()).toEqual(
      AUDITS.map(({ id }) => id).sort(),
    );
  });

  it('docs/engines.md: every engine', () => {
    expect([...rowsBelow('docs/engines.md', '# Engines: what runs a network here')].sort()).toEqual(
      [...ENGINE_NAMES].sort(),
    );
  });

  it('docs/cli.md: every command, in its group', () => {
    const silent = { out: () => undefined, err: () => undefined, look: plainLook, progress: 'none' } as const;
    const groups = new Map<string, string[]>();
    for (const command of program(silent).commands) {
      const group = command.helpGroup().replace(':', '');
      if (command.name() !== 'diagnose' && !(command as unknown as { _hidden: boolean })._hidden)
        groups.set(group, [...(groups.get(group) ?? []), command.name()]);
    }
    const text = readFileSync('docs/cli.md', 'utf8');
    for (const [group, names] of groups) {
      const row = text.split('\n').find((line) => line.startsWith(`| ${group} `)) ?? '';
      expect(
        [...row.matchAll(/`([a-z]+)(?: [^`]*)?`/g)].map(([, name]) => name),
        group,
      ).toEqual(expect.arrayContaining(names));
    }
  });
});
