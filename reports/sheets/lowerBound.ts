// The note that a count is a lower bound: a sentence for people, a column for programs.

import type { Omission } from '../../src/graph.js';
import { counted } from '../../src/plural.js';
import type { BeforeFolding } from '../../src/profile.js';
import type { Column } from './sheet.js';
import { grouped } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';

const MOST_LISTED = 8;

/** "LOWER BOUND: not counted: FancyOp (2 nodes, the first /a/b), 3 nodes behind them." */
export function lowerBoundNote(omission: Omission, model?: string): string {
  const whose = model === undefined ? '' : ` of ${abbreviate(model)}`;
  return `LOWER BOUND: not counted${whose}: ${leftOutText(omission)}.`;
}

function leftOutText({ ops, behind }: Omission): string {
  const listed = ops
    .slice(0, MOST_LISTED)
    .map(
      ({ op, nodes, first, why }) =>
        `${abbreviate(op)} (${counted(nodes, 'node')}, the first ${abbreviate(first)}${why === undefined ? '' : `: ${why}`})`,
    );
  const more = ops.length > MOST_LISTED ? [`${ops.length - MOST_LISTED} more ops`] : [];
  const rest = behind > 0 ? [`${counted(behind, 'node')} behind them`] : [];
  const parts = [...listed, ...more, ...rest];
  return parts.join(', ');
}

/**
 * For programs, a column with what is not counted; empty if everything is.
 */
export const lowerBoundColumn = <Row>(of: (row: Row) => Omission | undefined, key = 'lowerBound'): Column<Row> => ({
  key,
  title: 'lower bound',
  align: 'left',
  hidden: true,
  value(row) {
    const omission = of(row);
    return omission ? leftOutText(omission) : null;
  },
});

/** Learnt numbers of a file that are not among the parameters. */
export function unreadNote(unread: number, model?: string, omission?: Omission): string {
  const whose = model === undefined ? 'The file' : `The file of ${abbreviate(model)}`;
  const held = `${whose} holds ${counted(unread, 'more parameter', grouped(unread))}`;
  return omission
    ? `${held} that no counted layer reads: what is left out may read them.`
    : `${held} that no layer reads: they are not counted.`;
}

/** Parameters of a file whose batch norms are folded are fewer than the network's. */
export function foldedNormsNote({ convolutions, params }: BeforeFolding, model?: string): string {
  const where = model === undefined ? '' : ` of ${abbreviate(model)}`;
  return `Batch norms are folded into ${counted(convolutions, 'convolution', grouped(convolutions))}${where}: the network had ${grouped(params)} parameters, if those had no bias of their own.`;
}
