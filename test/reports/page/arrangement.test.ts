// Which rows does a table show, and in which order? What its reader chose, applied to rows made up for the purpose.

import { describe, expect, it } from 'vitest';
import { arranged, type Choice } from '../../../reports/page/table/arrangement.js';
import { additive, numeric, ratioOfSums, sum, text } from '../../../reports/page/table/column.js';

interface Layer {
  readonly name: string;
  readonly stage: string;
  readonly cost: number | null;
}

const rows: readonly Layer[] = [
  { name: 'a', stage: 'first', cost: 3 },
  { name: 'b', stage: 'first', cost: null },
  { name: 'c', stage: 'second', cost: 9 },
  { name: 'd', stage: 'first', cost: 5 },
];
const definition = {
  columns: [
    text<Layer>('name', 'name', ({ name }) => name),
    additive<Layer>('cost', 'cost', '', ({ cost }) => cost, String),
  ],
  rows,
  groupings: [{ title: 'stage', of: ({ stage }: Layer) => stage }],
  words: ({ name, stage }: Layer) => [name, stage],
};
const names = (choice: Partial<Choice>): readonly string[] =>
  arranged(definition, { sort: null, descending: true, filter: '', grouping: -1, ...choice }).map(
    ({ name, rows: members }) => `${name ?? ''}:${members.map((row) => row.name).join('')}`,
  );

describe('rows', () => {
  it('stand as they are where nothing was chosen', () => {
    expect(names({})).toEqual([':abcd']);
  });

  it('are sorted in both directions, missing values last in either', () => {
    expect(names({ sort: 1 })).toEqual([':cdab']);
    expect(names({ sort: 1, descending: false })).toEqual([':adcb']);
  });

  it('are sorted by texts', () => {
    expect(names({ sort: 0 })).toEqual([':dcba']);
  });

  it('stay where any of their words contains the filter', () => {
    expect(names({ filter: 'sec' })).toEqual([':c']);
    expect(names({ filter: 'nowhere' })).toEqual([':']);
  });
});

describe('groups', () => {
  it('stand in order of first appearance', () => {
    expect(names({ grouping: 0 })).toEqual(['first:abd', 'second:c']);
  });

  it('are sorted by their totals, and their rows within them', () => {
    expect(names({ grouping: 0, sort: 1 })).toEqual(['second:c', 'first:dab']);
  });

  it('without a matching row are not there', () => {
    expect(names({ grouping: 0, filter: 'c' })).toEqual(['second:c']);
  });
});

describe('totals', () => {
  it('leave out what is not known, and are not known where nothing is', () => {
    expect(sum(rows, ({ cost }) => cost)).toBe(17);
    expect(sum([rows[1]!], ({ cost }) => cost)).toBeNull();
  });

  it('of a ratio are sums over sums, of rows that have both', () => {
    const weight = ({ name }: Layer): number | null => (name === 'd' ? null : 2);
    expect(ratioOfSums(rows, ({ cost }) => cost, weight)).toBe(12 / 4);
    expect(ratioOfSums([rows[1]!], ({ cost }) => cost, weight)).toBeNull();
  });
});

it('a column shows nothing for a value that is not known', () => {
  const column = numeric<Layer>('cost', 'cost', undefined, ({ cost }) => cost, String);
  expect(rows.map((row) => column.show!(row))).toEqual(['3', '', '9', '5']);
});
