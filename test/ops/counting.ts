// What does each op do, one step at a time? Loops that really visit every element and count, to check the formulas against.

/** Counts as a loop over the op's definition finds them. */
export interface Counted {
  readonly outShape: readonly number[];
  readonly params: number;
  readonly multAdds: number;
  readonly elementwise: number;
}

type Image = readonly [number, number, number, number];
type Sides = readonly [number, number];

export interface Windows {
  readonly kernel: Sides;
  readonly stride?: Sides;
  /** [top, left, bottom, right]. */
  readonly padding?: Image;
  readonly dilation?: Sides;
  readonly ceil?: boolean;
}

/** Runs `visit` for every combination of indices below the given sides. */
export function each(sides: readonly number[], visit: () => void): void {
  const [side, ...rest] = sides;
  if (side === undefined) visit();
  else for (let i = 0; i < side; i++) each(rest, visit);
}

/** How often `each` visits. */
export function visits(...sides: number[]): number {
  let count = 0;
  each(sides, () => count++);
  return count;
}

/** First elements of the windows along one side; in ceil mode one more while elements are left, if it starts before the end. */
export function starts(
  size: number,
  { kernel, stride = [1, 1], padding, dilation = [1, 1], ceil }: Windows,
  axis: 0 | 1,
) {
  const [before, after] = [padding?.[axis] ?? 0, padding?.[axis + 2] ?? 0];
  const reach = dilation[axis] * (kernel[axis] - 1);
  const found: number[] = [];
  for (let start = -before; ; start += stride[axis]) {
    const whole = start + reach < size + after;
    const elementsLeft = start - stride[axis] + reach + 1 < size + after;
    if (!whole && !(ceil === true && elementsLeft && start < size)) return found;
    found.push(start);
  }
}

/** Visits every output element, kernel tap and input channel of the output channel's own group. */
export function convolve(input: Image, outputs: number, groups: number, bias: boolean, windows: Windows): Counted {
  const [n, c, h, w] = input;
  const [rows, columns] = [starts(h, windows, 0), starts(w, windows, 1)];
  let multAdds = 0;
  const touched = new Set<string>();
  for (let image = 0; image < n; image++)
    for (let to = 0; to < outputs; to++)
      for (let position = 0; position < rows.length * columns.length; position++)
        for (let from = 0; from < c; from++) {
          if (Math.floor((to * groups) / outputs) !== Math.floor((from * groups) / c)) continue;
          for (let tap = 0; tap < windows.kernel[0] * windows.kernel[1]; tap++) {
            touched.add([to, from, tap].join());
            multAdds++;
          }
        }
  const params = touched.size + (bias ? outputs : 0);
  return { outShape: [n, outputs, rows.length, columns.length], params, multAdds, elementwise: 0 };
}

/** Visits every element of every window, padding included. */
export function pool([n, c, h, w]: Image, windows: Windows): Counted {
  const [rows, columns] = [starts(h, windows, 0), starts(w, windows, 1)];
  const elementwise = visits(n, c, rows.length, columns.length, ...windows.kernel);
  return { outShape: [n, c, rows.length, columns.length], params: 0, multAdds: 0, elementwise };
}

/** PyTorch's windows: from floor(i size / count) up to ceil((i + 1) size / count). */
export function adaptivePool([n, c, h, w]: Image, [rows, columns]: Sides): Counted {
  let elementwise = 0;
  for (let r = 0; r < rows; r++)
    for (let s = 0; s < columns; s++)
      for (let y = Math.floor((r * h) / rows); y < Math.ceil(((r + 1) * h) / rows); y++)
        for (let x = Math.floor((s * w) / columns); x < Math.ceil(((s + 1) * w) / columns); x++)
          elementwise += visits(n, c);
  return { outShape: [n, c, rows, columns], params: 0, multAdds: 0, elementwise };
}

/** One operation for each output element. */
export const pointwise = (outShape: readonly number[], params = 0): Counted => ({
  outShape,
  params,
  multAdds: 0,
  elementwise: visits(...outShape),
});

/** Data moves, nothing is computed. */
export const moved = (...outShape: number[]): Counted => ({ outShape, params: 0, multAdds: 0, elementwise: 0 });

/** Adds a kernel to the output at every input element; no loop of its own for the shape: the outputs that are touched. */
export function transposed(
  [n, c, h, w]: Image,
  outputs: number,
  bias: boolean,
  { kernel, stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1] }: Windows,
  groups = 1,
  extra: Sides = [0, 0],
): Counted {
  let multAdds = 0;
  const weights = new Set<string>();
  const [rows, columns] = [new Set<number>(), new Set<number>()];
  for (let image = 0; image < n; image++)
    for (let from = 0; from < c; from++)
      for (let y = 0; y < h; y++)
        for (let x = 0; x < w; x++)
          for (let to = 0; to < outputs; to++) {
            if (Math.floor((to * groups) / outputs) !== Math.floor((from * groups) / c)) continue;
            for (let i = 0; i < kernel[0]; i++)
              for (let j = 0; j < kernel[1]; j++) {
                multAdds++;
                weights.add([from, to, i, j].join());
                for (const row of upTo(y * stride[0] + i * dilation[0])) rows.add(row);
                for (const column of upTo(x * stride[1] + j * dilation[1])) columns.add(column);
              }
          }
  const [top, left, bottom, right] = padding;
  return {
    outShape: [n, outputs, rows.size - top - bottom + extra[0], columns.size - left - right + extra[1]],
    params: weights.size + (bias ? outputs : 0),
    multAdds,
    elementwise: 0,
  };
}

const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, i) => i);
