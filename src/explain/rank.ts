// Spearman's rank correlation; ties share their mean rank.

/** With fewer than this, equal order has a chance of 1 in 24 or more. */
export const FEWEST_TO_TELL = 5;

/**
 * From -1 (reversed) to 1 (the same order); null for fewer than three pairs or where all values of
 * a side are equal.
 */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length < 3) return null;
  const [a, b] = [ranks(pairs.map(([x]) => x)), ranks(pairs.map(([, y]) => y))];
  const middle = (pairs.length + 1) / 2;
  let [both, left, right] = [0, 0, 0];
  for (const [i, rank] of a.entries()) {
    const [x, y] = [rank - middle, b[i]! - middle];
    both += x * y;
    left += x * x;
    right += y * y;
  }
  return left === 0 || right === 0 ? null : both / Math.sqrt(left * right);
}

/**
 * Where the true correlation lies with 95 % confidence: Fisher's transformation with the standard
 * error of Fieller, Hartley and Pearson (Biometrika 44, 1957), 1.03 / sqrt(n - 3). Null below ten
 * pairs, where it does not hold.
 */
export function correlationInterval(correlation: number, pairs: number): readonly [number, number] | null {
  if (pairs < 10) return null;
  const half = (1.96 * 1.03) / Math.sqrt(pairs - 3);
  // A correlation of exactly 1 has no finite transform, so it is limited to this.
  const z = Math.atanh(Math.max(-0.9999, Math.min(0.9999, correlation)));
  return [Math.tanh(z - half), Math.tanh(z + half)];
}

function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result: number[] = [];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) result[order[i]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return result;
}
