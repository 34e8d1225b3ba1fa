// Convolutions and pools of any side, repeats, blocks, indices and orders as loops.

import type { NotRun } from '../../src/engines/kernels/notRun.js';
import type { OpName } from '../../src/ops/table.js';
import { element, fill, mean, positions, type Array4, type Call, type Reference } from './loops.js';

const list = ({ attributes }: Call, field: string): readonly number[] => attributes[field] as readonly number[];
const number = ({ attributes }: Call, field: string): number => attributes[field] as number;

const convolution: Reference = (call) => {
  const { x, shape, weights } = call;
  const [kernel, stride, padding, dilation] = ['kernel', 'stride', 'padding', 'dilation'].map((f) => list(call, f));
  const groups = number(call, 'groups');
  const [seen, made] = [x.shape[1]! / groups, shape[1]! / groups];
  const weight = { shape: [shape[1]!, seen, ...kernel!], values: Float64Array.from(weights['weight']!) };
  return fill(shape, ([n, out, ...at]) => {
    let sum = weights['bias']?.[out!] ?? 0;
    for (const [c, ...tap] of positions([seen, ...kernel!])) {
      const from = at.map((place, i) => place * stride![i]! + tap[i]! * dilation![i]! - padding![i]!);
      const channel = Math.floor(out! / made) * seen + c!;
      sum += (element(x, [n!, channel, ...from]) ?? 0) * element(weight, [out!, c!, ...tap])!;
    }
    return sum;
  });
};

const transposed: Reference = (call) => {
  const { x, shape, weights } = call;
  const [kernel, stride, padding, dilation] = ['kernel', 'stride', 'padding', 'dilation'].map((f) => list(call, f));
  const groups = number(call, 'groups');
  const [seen, made] = [x.shape[1]! / groups, shape[1]! / groups];
  const weight = { shape: [x.shape[1]!, made, ...kernel!], values: Float64Array.from(weights['weight']!) };
  return fill(shape, ([n, out, ...at]) => {
    let sum = weights['bias']?.[out!] ?? 0;
    for (const [c, ...tap] of positions([seen, ...kernel!])) {
      const from = at.map((place, i) => (place + padding![i]! - tap[i]! * dilation![i]!) / stride![i]!);
      if (!from.every(Number.isInteger)) continue;
      const channel = Math.floor(out! / made) * seen + c!;
      sum += (element(x, [n!, channel, ...from]) ?? 0) * element(weight, [channel, out! % made, ...tap])!;
    }
    return sum;
  });
};

/** Padding counts for a mean where it was asked for, what hangs over it never does. */
const pool =
  (reduce: (elements: readonly number[], counted: number) => number): Reference =>
  (call) => {
    const { x, shape, attributes } = call;
    const [kernel, stride, padding] = ['kernel', 'stride', 'padding'].map((field) => list(call, field));
    const dilation = (attributes['dilation'] as number[] | undefined) ?? kernel!.map(() => 1);
    return fill(shape, ([n, c, ...at]) => {
      const elements: number[] = [];
      let counted = 0;
      for (const tap of positions(kernel!)) {
        const from = at.map((place, i) => place * stride![i]! + tap[i]! * dilation[i]! - padding![i]!);
        const met = element(x, [n!, c!, ...from]);
        if (met !== undefined) elements.push(met);
        const inside = from.every((place, i) => place < x.shape[2 + i]! + padding![at.length + i]!);
        if (met !== undefined || (attributes['countIncludePad'] === true && inside)) counted++;
      }
      return reduce(elements, counted);
    });
  };

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const adaptive =
  (reduce: (elements: readonly number[]) => number): Reference =>
  ({ x, shape }) =>
    fill(shape, ([n, c, ...at]) => {
      const ends = at.map((place, i) => {
        const [side, count] = [x.shape[2 + i]!, shape[2 + i]!];
        return [Math.floor((place * side) / count), Math.ceil(((place + 1) * side) / count)] as const;
      });
      const window = positions(ends.map(([start, end]) => end - start));
      return reduce(Array.from(window, (inner) => element(x, [n!, c!, ...inner.map((o, i) => ends[i]![0] + o)])!));
    });

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

const PADDED: Readonly<Record<string, (place: number, side: number) => number>> = {
  constant: (place) => place,
  edge: (place, side) => Math.min(Math.max(place, 0), side - 1),
  wrap: modulo,
  reflect: (place, side) => (place < 0 ? -place : place >= side ? 2 * side - 2 - place : place),
  symmetric: (place, side) => (place < 0 ? -place - 1 : place >= side ? 2 * side - 1 - place : place),
};

/** Channel c of a block's place [i, j]. */
const blockChannel = (order: unknown, c: number, place: number, channels: number, places: number): number =>
  order === 'blockFirst' ? place * channels + c : c * places + place;

const MOVES = {
  tile: ({ x, shape }) =>
    fill(shape, (at) =>
      element(
        x,
        at.map((place, i) => place % x.shape[i]!),
      )!,
    ),
  repeatElements: (call) =>
    fill(call.shape, (at) => {
      const axis = number(call, 'axis');
      return element(call.x, at.with(axis, Math.floor(at[axis]! / number(call, 'repeats'))))!;
    }),
  flip: (call) =>
    fill(call.shape, (at) =>
      element(
        call.x,
        at.map((place, i) => (list(call, 'axes').includes(i) ? call.shape[i]! - 1 - place : place)),
      )!,
    ),
  roll: (call) =>
    fill(call.shape, (at) => {
      const from = [...at];
      list(call, 'axes').forEach((axis, i) => {
        from[axis] = modulo(from[axis]! - list(call, 'shifts')[i]!, call.shape[axis]!);
      });
      return element(call.x, from)!;
    }),
  padSides: (call) => {
    const place = PADDED[call.attributes['mode'] as string]!;
    return fill(
      call.shape,
      (at) =>
        element(
          call.x,
          at.map((p, i) => place(p - list(call, 'before')[i]!, call.x.shape[i]!)),
        ) ?? number(call, 'value'),
    );
  },
  depthToSpace: (call) => {
    const block = number(call, 'block');
    return fill(call.shape, ([n, c, y, x]) => {
      const place = (y! % block) * block + (x! % block);
      const channel = blockChannel(call.attributes['order'], c!, place, call.shape[1]!, block ** 2);
      return element(call.x, [n!, channel, Math.floor(y! / block), Math.floor(x! / block)])!;
    });
  },
  spaceToDepth: (call) => {
    const [block, channels] = [number(call, 'block'), call.x.shape[1]!];
    const result = new Float64Array(call.x.values.length);
    for (const [n, c, y, x] of positions(call.x.shape)) {
      const place = (y! % block) * block + (x! % block);
      const channel = blockChannel(call.attributes['order'], c!, place, channels, block ** 2);
      const to = [n!, channel, Math.floor(y! / block), Math.floor(x! / block)];
      result[to.reduce((index, at, i) => index * call.shape[i]! + at, 0)] = element(call.x, [n!, c!, y!, x!])!;
    }
    return result;
  },
  spaceToBatch: (call) => {
    const [block, padding] = [list(call, 'block'), list(call, 'padding')];
    return fill(call.shape, ([b, c, y, x]) => {
      const part = Math.floor(b! / call.x.shape[0]!);
      const [row, column] = [Math.floor(part / block[1]!), part % block[1]!];
      const from = [y! * block[0]! + row - padding[0]!, x! * block[1]! + column - padding[1]!];
      return element(call.x, [b! % call.x.shape[0]!, c!, ...from]) ?? 0;
    });
  },
  batchToSpace: (call) => {
    const [block, crops] = [list(call, 'block'), list(call, 'crops')];
    return fill(call.shape, ([n, c, y, x]) => {
      const [row, column] = [y! + crops[0]!, x! + crops[1]!];
      const part = (row % block[0]!) * block[1]! + (column % block[1]!);
      const from = [Math.floor(row / block[0]!), Math.floor(column / block[1]!)];
      return element(call.x, [part * call.shape[0]! + n!, c!, ...from])!;
    });
  },
} satisfies Partial<Record<OpName, Reference>>;

/** Indices are whole numbers inside a side: fractions are cut off. */
const indexAt = (indices: Array4, at: readonly number[], side: number): number =>
  Math.trunc(Math.min(Math.max(element(indices, at)!, 0), side - 1));

const gather: Reference = (call) => {
  const { x, inputs, attributes, shape } = call;
  const axis = number(call, 'axis');
  const sides = inputs[1]?.shape ?? (attributes['shape'] as number[]);
  const known = attributes['indices'] as number[];
  const count = sides.reduce((all, side) => all * side, 1);
  const stored = Float64Array.from({ length: count }, (_, i) => known[i] ?? i % x.shape[axis]!);
  const indices = inputs[1] ?? { shape: sides, values: stored };
  return fill(shape, (at) => {
    const picked = indexAt(indices, at.slice(axis, axis + sides.length), x.shape[axis]!);
    return element(x, [...at.slice(0, axis), picked, ...at.slice(axis + sides.length)])!;
  });
};

/** [value, place] of all elements along a side, in order; equal ones by their places. */
function ordered(x: Array4, at: readonly number[], axis: number, descending: boolean) {
  const all = Array.from({ length: x.shape[axis]! }, (_, i) => [element(x, at.with(axis, i))!, i] as const);
  return all.sort((a, b) => (descending ? b[0] - a[0] : a[0] - b[0]));
}

const order =
  (field: string): Reference =>
  (call) =>
    fill(call.shape, (at) => {
      const axis = number(call, 'axis');
      const all = ordered(call.x, at, axis, call.attributes[field] === true);
      return all[at[axis]!]![call.attributes['output'] === 'values' ? 0 : 1];
    });

const place =
  (descending: boolean): Reference =>
  (call) =>
    fill(call.shape, (at) => {
      const axis = number(call, 'axis');
      const full = call.attributes['keep'] === true ? at : at.toSpliced(axis, 0, 0);
      return ordered(call.x, full, axis, descending)[0]![1];
    });

const cumSum: Reference = (call) =>
  fill(call.shape, (at) => {
    const [axis, product] = [number(call, 'axis'), call.attributes['mode'] === 'product'];
    const own = at[axis]!;
    let total = product ? 1 : 0;
    for (let i = 0; i < call.shape[axis]!; i++) {
      const before = call.attributes['reverse'] === true ? i > own : i < own;
      if (!before && !(i === own && call.attributes['exclusive'] !== true)) continue;
      const value = element(call.x, at.with(axis, i))!;
      total = product ? total * value : total + value;
    }
    return total;
  });

export const MOVE_REFERENCES = {
  ...{ conv1d: convolution, conv3d: convolution, convTranspose1d: transposed, convTranspose3d: transposed },
  ...{ maxPool1d: pool((all) => Math.max(...all)), maxPool3d: pool((all) => Math.max(...all)) },
  ...{ avgPool1d: pool((all, count) => sum(all) / count), avgPool3d: pool((all, count) => sum(all) / count) },
  ...{ adaptiveAvgPool1d: adaptive(mean), adaptiveAvgPool3d: adaptive(mean) },
  adaptiveMaxPool1d: adaptive((all) => Math.max(...all)),
  adaptiveMaxPool2d: adaptive((all) => Math.max(...all)),
  adaptiveMaxPool3d: adaptive((all) => Math.max(...all)),
  ...MOVES,
  gather,
  embedding: (call) =>
    fill(call.shape, (at) => {
      const row = indexAt(call.x, at.slice(0, -1), number(call, 'entries'));
      return call.weights['weight']![row * number(call, 'features') + at.at(-1)!]!;
    }),
  ...{ topK: order('largest'), sort: order('descending'), argMax: place(true), argMin: place(false), cumSum },
  oneHot: (call) =>
    fill(call.shape, (at) => {
      const axis = number(call, 'axis');
      return Math.trunc(element(call.x, at.toSpliced(axis, 1))!) === at[axis] ? 1 : 0;
    }),
} satisfies Partial<Record<Exclude<OpName, NotRun>, Reference>>;
