// What is said where not everything is counted? One sentence for people, one column for programs.

import type { Omission } from '../src/graph.js';
import { counted } from '../src/plural.js';
import type { Column } from './sheet.js';
import { abbreviate } from './visible.js';

const MOST_LISTED = 8;

/** "LOWER BOUND: not counted are FancyOp (2 nodes, the first /a/b) and 3 nodes behind them." */
export function lowerBoundNote({ ops, behind }: Omission, model?: string): string {
  const listed = ops
    .slice(0, MOST_LISTED)
    .map(({ op, nodes, first }) => `${abbreviate(op)} (${counted(nodes, 'node')}, the first ${abbreviate(first)})`);
  const more = ops.length > MOST_LISTED ? [`${ops.length - MOST_LISTED} more ops`] : [];
  const rest = behind > 0 ? [`${counted(behind, 'node')} behind them`] : [];
  const parts = [...listed, ...more, ...rest];
  const whose = model === undefined ? '' : ` of ${abbreviate(model)}`;
  return `LOWER BOUND: not counted${whose}: ${parts.join(', ')}.`;
}

/** Programs read it beside every row: a table of columns has no other place. */
export const lowerBoundColumn = <Row>(isBound: (row: Row) => boolean): Column<Row> => ({
  key: 'lowerBound',
  title: 'lower bound',
  align: 'left',
  hidden: true,
  value: (row) => String(isBound(row)),
});
