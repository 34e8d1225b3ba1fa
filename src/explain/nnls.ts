// Non-negative least squares over few columns, by trying every set of positive columns.

/**
 * Non-negative least squares: the x >= 0 that makes |A x - b| least. The optimum is the plain
 * least-squares solution on the columns where it is positive (its Karush-Kuhn-Tucker conditions),
 * so for a handful of columns every set is tried.
 * @param rows of A, each with one value per column (at most 8 columns); @param b one value per row
 * @returns one factor per column; all 0 where nothing fits better
 */
export function nonNegativeLeastSquares(rows: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  if (columns > 8) throw new RangeError(`at most 8 columns, got ${columns}`);
  let best = { factors: Array<number>(columns).fill(0), loss: squares(b) };
  for (let set = 1; set < 1 << columns; set++) {
    const used = Array.from({ length: columns }, (_, j) => j).filter((j) => set & (1 << j));
    const solved = leastSquares(
      rows.map((row) => used.map((j) => row[j]!)),
      b,
    );
    if (!solved?.every((factor) => factor >= 0)) continue;
    const factors = Array<number>(columns).fill(0);
    used.forEach((j, i) => (factors[j] = solved[i]!));
    const loss = squares(rows.map((row, i) => dot(row, factors) - b[i]!));
    if (loss < best.loss) best = { factors, loss };
  }
  return best.factors;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const squares = (values: readonly number[]): number => dot(values, values);

/**
 * By the normal equations, each column scaled to length 1 first; undefined where the columns do not
 * differ.
 */
function leastSquares(rows: readonly (readonly number[])[], b: readonly number[]): readonly number[] | undefined {
  const size = rows[0]!.length;
  const column = (j: number): readonly number[] => rows.map((row) => row[j]!);
  const scales = Array.from({ length: size }, (_, j) => Math.sqrt(squares(column(j))));
  if (scales.includes(0)) return undefined;
  const unit = scales.map((scale, j) => column(j).map((value) => value / scale));
  const solved = eliminate(unit.map((left) => [...unit.map((right) => dot(left, right)), dot(left, b)]));
  return solved?.map((value, j) => value / scales[j]!);
}

/** Below this a pivot of unit columns is rounding, not information. */
const SINGULAR = 1e-10;

/** Gauss-Jordan on [A | b] with pivoting. */
function eliminate(system: number[][]): readonly number[] | undefined {
  for (let i = 0; i < system.length; i++) {
    const pivot = system.reduce(
      (most, row, r) => (r > i && Math.abs(row[i]!) > Math.abs(system[most]![i]!) ? r : most),
      i,
    );
    const row = system[pivot]!;
    [system[i], system[pivot]] = [row, system[i]!];
    if (Math.abs(row[i]!) < SINGULAR) return undefined;
    for (const other of system) {
      if (other === row) continue;
      const factor = other[i]! / row[i]!;
      for (let j = i; j < other.length; j++) other[j]! -= factor * row[j]!;
    }
  }
  return system.map((row, i) => row.at(-1)! / row[i]!);
}
