// Collects the rows of a sweep by point, and refuses those of another sweep.

import { clipped } from '../document/problem.js';
import { InputError } from '../inputError.js';
import { better, isDone, type SweepRow } from './row.js';
import { pointAt, pointsIn } from './space.js';
import type { Sweep } from './sweep.js';

/** The rows of one sweep, one a point. */
export class SweepRows {
  private readonly best = new Map<number, { readonly row: SweepRow; readonly file: string }>();
  /** Whether a point was given more than once. */
  repeated = false;

  constructor(private readonly sweep: Sweep) {}

  /**
   * Keeps the row with more values where a point has two.
   * @param file where the row stands, for messages
   * @throws InputError for a row of another model, space, input or shard, and for two rows of a
   * point that contradict each other
   */
  add(row: SweepRow, file: string): void {
    demandOwn(row, this.sweep, file);
    const known = this.best.get(row.point);
    this.repeated ||= known !== undefined;
    const kept = known ? better(known.row, row, [known.file, file]) : row;
    this.best.set(row.point, { row: kept, file: kept === row ? file : known!.file });
  }

  /** In the order of their points. */
  sorted(): readonly SweepRow[] {
    return [...this.best.values()].map(({ row }) => row).sort((a, b) => a.point - b.point);
  }

  /** @param measured whether a row without a time still needs work */
  done(measured: boolean): ReadonlySet<number> {
    return new Set(
      [...this.best.values()].filter(({ row }) => isDone(row, measured)).map(({ row: { point } }) => point),
    );
  }

  /** Points of the whole space without a row. */
  get missing(): number {
    return pointsIn(this.sweep.space) - this.best.size;
  }
}

function demandOwn(row: SweepRow, { space, model, mark, shard }: Sweep, path: string): void {
  const other = (reason: string): InputError =>
    new InputError(`${path}: point ${row.point} ${reason}: these are rows of another sweep; name another file`);
  if (row.model !== mark) throw other(`is of ${clipped(row.model)}, not of ${mark}`);
  if (!(row.point >= 0 && row.point < pointsIn(space))) throw other('is not in this space');
  if (shard && row.point % shard.n !== shard.i - 1) throw other(`is not in shard ${shard.i}/${shard.n}`);
  const { values, batch, input } = pointAt(space, row.point);
  if (JSON.stringify(row.values) !== JSON.stringify(values)) throw other('has other values there');
  const [theirs, ours] = [[row.n, row.c, row.h, row.w].join('x'), [batch, ...(input ?? model.input)].join('x')];
  if (theirs !== ours) throw other(`has the input ${theirs}, not ${ours}`);
}
