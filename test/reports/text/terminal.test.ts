// Does a table fit the screen, say what it hides, and lose nothing of what it shows?

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sheet, type Column } from '../../../reports/sheets/sheet.js';
import { cellLines, widthOf } from '../../../reports/text/cellLines.js';
import { terminal, type Look } from '../../../reports/text/terminal.js';

const plain = (text: string): string => text;
const look = (width: number | undefined, wide = false): Look => ({ width, wide, bold: plain, dim: plain, warn: plain });

type Row = Readonly<Record<string, string>>;
const column = (key: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
  ...{ key, title: key, align: 'left', value: (row: Row) => row[key]! },
  ...more,
});

describe('cellLines', () => {
  it('breaks a sentence at words', () => {
    expect(cellLines('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('breaks a polynomial at its terms, and a term that is too long at its factors', () => {
    expect(cellLines('12 g^2 h n w + 3 h n w - g', 16, true)).toEqual(['12 g^2 h n w', '+ 3 h n w - g']);
    expect(cellLines('12 g^2 h n w + 3 h n w', 8, true)).toEqual(['12 g^2 h', 'n w', '+ 3 h n', 'w']);
  });

  it('breaks a name behind its parts, and indents the rest', () => {
    expect(cellLines('features.denseblock1.denselayer12.conv2', 22)).toEqual([
      'features.denseblock1.',
      '  denselayer12.conv2',
    ]);
  });

  it('breaks a word without parts where the line ends', () => {
    expect(cellLines('a'.repeat(10), 4)).toEqual(['aaaa', 'aaaa', 'aa']);
  });

  it('keeps every letter, in lines that fit', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '-', '+', '^', '層'), maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 60 }), fc.boolean(), (raw, width, terms) => {
        const given = raw.trim().replaceAll(/ +/g, ' ');
        const lines = cellLines(given, width, terms);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''));
      }),
      { seed: 17, numRuns: 500 },
    );
  });
});

describe('terminal', () => {
  const wide = sheet<Row>({
    title: 'A title that is longer than forty columns of a screen are',
    columns: [
      column('name'),
      column('input', { rank: 2 }),
      column('costs', { title: 'share', rank: 2, align: 'right', alone: 'of costs' }),
      column('share', { rank: 1, align: 'right', alone: 'of time' }),
      column('what'),
      column('secret', { hidden: true }),
    ],
    rows: [
      {
        name: 'conv1',
        input: '1x3x224x224',
        costs: '1 %',
        share: '12.5 %',
        what: 'a sentence that goes on for quite a while and ends',
        secret: 'x',
      },
      { name: 'conv2', input: '1x64x56x56', costs: '2 %', share: '7.5 %', what: 'short', secret: 'x' },
    ],
    mark: ({ name }) => (name === 'conv2' ? 'the worst one' : undefined),
    notes: ['A note that is longer than forty columns of a screen, too, and has to be broken.'],
  });

  it('where the output is no screen, or wide, nothing is hidden or broken', () => {
    const whole = terminal(wide, look(undefined));
    expect(whole.split('\n')[2]).toBe('name   input        share   share  what');
    expect(whole).toContain('and ends\n');
    expect(whole).toContain('short  <- the worst one');
    expect(whole).not.toContain('hidden');
    const asked = terminal(wide, look(40, true));
    expect(asked).toContain(whole.split('\n').slice(2, 5).join('\n'));
    for (const line of asked.split('\n\n').at(-1)!.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('a narrow screen hides columns by rank, says how many, and names what stays', () => {
    const text = terminal(wide, look(60));
    expect(text).toContain('\n2 columns hidden: --wide or a wider terminal shows them.\n');
    expect(text).toMatch(/^name +of time +what$/m);
    expect(text).not.toContain('1x3x224x224');
  });

  it.each([30, 40, 50, 60, 80])('every line fits %i columns', (width) => {
    for (const line of terminal(wide, look(width)).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('a mark that does not fit beside its row stands below it', () => {
    expect(terminal(wide, look(29))).toContain('\n  ^ the worst one\n');
  });

  it('any sheet fits any screen that a name fits', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', '.', ','), minLength: 1, maxLength: 50 });
    const rows = fc.array(fc.record({ a: cell, b: cell, c: cell, d: cell }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 20, max: 120 }), (given, width) => {
        const columns = ['a', 'b', 'c', 'd'].map((key, i) =>
          column(key, { rank: i % 3, align: i === 2 ? 'right' : 'left' }),
        );
        const text = terminal(sheet<Row>({ title: 't', columns, rows: given, notes: [] }), look(width));
        const lines = text.split('\n');
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        const shown = lines[2]!.trim().split(/ +/).length;
        if (shown < 4) expect(text).toContain(`${4 - shown} column`);
      }),
      { seed: 17, numRuns: 300 },
    );
  });
});

it('takes a table of more rows than a function takes arguments', () => {
  const rows: readonly Row[] = Array.from({ length: 150_000 }, (_, i) => ({ name: `layer${i}` }));
  const text = terminal(sheet<Row>({ title: 'Long', columns: [column('name')], rows, notes: [] }), look(undefined));
  expect(text.split('\n').filter((line) => line.startsWith('layer'))).toHaveLength(150_000);
});
