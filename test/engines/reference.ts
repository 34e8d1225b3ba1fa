// What does a graph compute? Plain loops in double precision over [N, C, H, W], written from the definitions: no tfjs, no layout tricks.

import { shapedNodes, type ShapedNode } from '../../src/cost.js';
import type { Pair, Padding } from '../../src/fields.js';
import type { Graph } from '../../src/graph.js';
import type { NotRun } from '../../src/engines/kernels/notRun.js';
import type { OpName } from '../../src/ops/table.js';
import { FURTHER_REFERENCES } from './furtherReference.js';
import { MOVE_REFERENCES } from './moveReference.js';
import { LAYOUT_REFERENCES } from './layoutReference.js';
import { element, fill, mean, positions, type Array4, type Call, type Reference } from './loops.js';
import { boxAt, partOf } from '../../src/weights/boxes.js';
import { inputOf, sizesOf, seededWeights, type Weights } from '../../src/weights/weights.js';

/** Every output of the graph by name. */
export function interpret(graph: Graph, seed: number): ReadonlyMap<string, Array4> {
  const values = new Map<string, Array4>();
  for (const { name, shape } of graph.inputs) {
    const sizes = sizesOf(shape);
    values.set(name, { shape: sizes, values: Float64Array.from(inputOf(name, sizes, seed)) });
  }
  const weightsOf = seededWeights(graph, seed);
  for (const shapedNode of shapedNodes(graph))
    values.set(shapedNode.node.name, run(shapedNode, values, weightsOf(shapedNode)));
  return new Map(graph.outputs.map((name) => [name, values.get(name)!]));
}

function run(shapedNode: ShapedNode, values: ReadonlyMap<string, Array4>, weights: Weights): Array4 {
  const { node } = shapedNode;
  const inputs = node.inputs.map((name) => values.get(name)!);
  const shape = sizesOf(node.shape);
  const call = { inputs, x: inputs[0]!, shape, weights, attributes: node.attributes };
  return { shape, values: REFERENCES[node.op as keyof typeof REFERENCES](call) };
}

const each =
  (f: (x: number, call: Call) => number): Reference =>
  (call) =>
    call.x.values.map((x) => f(x, call));

const relu6 = (x: number): number => Math.min(Math.max(x, 0), 6);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** By the series of its integral: exact to the last digits for the few units that occur. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const conv: Reference = ({ x, shape, weights: { weight, bias }, attributes }) => {
  const [kh, kw] = attributes['kernel'] as Pair;
  const [sh, sw] = attributes['stride'] as Pair;
  const [dh, dw] = attributes['dilation'] as Pair;
  const [top, left] = attributes['padding'] as Padding;
  const groups = attributes['groups'] as number;
  const seen = x.shape[1]! / groups;
  const made = shape[1]! / groups;
  return fill(shape, ([n, out, y, z]) => {
    let sum = bias?.[out!] ?? 0;
    for (let c = 0; c < seen; c++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const channel = Math.floor(out! / made) * seen + c;
          const met = element(x, [n!, channel, y! * sh - top + i * dh, z! * sw - left + j * dw]) ?? 0;
          sum += met * weight![((out! * seen + c) * kh + i) * kw + j]!;
        }
    return sum;
  });
};

const linear: Reference = ({ x, shape, weights: { weight, bias } }) => {
  const features = x.shape.at(-1)!;
  return fill(shape, (at) => {
    const out = at.at(-1)!;
    let sum = bias?.[out] ?? 0;
    for (let i = 0; i < features; i++) sum += element(x, [...at.slice(0, -1), i])! * weight![out * features + i]!;
    return sum;
  });
};

const batchNorm: Reference = ({ x, shape, weights: { mean, variance, scale, shift } }) =>
  fill(shape, (at) => {
    const c = at[1]!;
    const normed = (element(x, at)! - mean![c]!) / Math.sqrt(variance![c]! + 1e-5);
    return normed * (scale?.[c] ?? 1) + (shift?.[c] ?? 0);
  });

/** All elements that differ from this one in the channel alone. */
const acrossChannels = (x: Array4, at: readonly number[]): number[] =>
  Array.from({ length: x.shape[1]! }, (_, c) => element(x, [at[0]!, c, ...at.slice(2)])!);

const layerNorm: Reference = ({ x, shape, weights: { scale, shift }, attributes }) => {
  const axes = attributes['axes'] as readonly number[];
  const sides = axes.map((axis) => shape[axis]!);
  return fill(shape, (at) => {
    const members: number[] = [];
    for (const inner of positions(sides)) {
      const own = [...at];
      axes.forEach((axis, i) => (own[axis] = inner[i]!));
      members.push(element(x, own)!);
    }
    const middle = mean(members);
    const variance = mean(members.map((value) => (value - middle) ** 2));
    const place = axes.reduce((index, axis, i) => index * sides[i]! + at[axis]!, 0);
    return ((element(x, at)! - middle) / Math.sqrt(variance + 1e-5)) * (scale?.[place] ?? 1) + (shift?.[place] ?? 0);
  });
};

const groupNorm: Reference = ({ x, shape, weights: { scale, shift }, attributes }) => {
  const each = shape[1]! / (attributes['groups'] as number);
  return fill(shape, (at) => {
    const [n, c] = at;
    const first = c! - (c! % each);
    const members: number[] = [];
    for (const [i, ...rest] of positions([each, ...shape.slice(2)]))
      members.push(element(x, [n!, first + i!, ...rest])!);
    const middle = mean(members);
    const variance = mean(members.map((value) => (value - middle) ** 2));
    return ((element(x, at)! - middle) / Math.sqrt(variance + 1e-5)) * (scale?.[c!] ?? 1) + (shift?.[c!] ?? 0);
  });
};

const l2Norm: Reference = ({ x, shape, weights: { factor }, attributes }) => {
  const axes = attributes['axes'] as readonly number[];
  return fill(shape, (at) => {
    const members = Array.from(positions(axes.map((axis) => x.shape[axis]!)), (inner) => {
      const own = [...at];
      axes.forEach((axis, i) => (own[axis] = inner[i]!));
      return element(x, own)!;
    });
    return (element(x, at)! / Math.hypot(...members)) * (factor?.[factor.length === 1 ? 0 : at[1]!] ?? 1);
  });
};

const channelPool: Reference = ({ x, shape, attributes }) =>
  fill(shape, (at) => {
    const across = acrossChannels(x, at);
    return attributes['mode'] === 'max' ? Math.max(...across) : mean(across);
  });

/** Every box is looked up by itself: where it lies follows the engine's own rule, how it is read is defined here. */
const roiAlign: Reference = ({ inputs, shape, attributes }) => {
  const [height, width] = attributes['size'] as Pair;
  const [regions, samples] = [attributes['regions'] as number, attributes['samples'] as number];
  const boxes = inputs.flatMap((level, i) => {
    const [from, to] = partOf(i, inputs.length, regions);
    return Array.from({ length: level.shape[0]! }, (_, image) =>
      Array.from({ length: to - from }, (_, j) => ({ level, image, box: boxAt(from + j) })),
    ).flat();
  });
  return fill(shape, ([r, c, y, x]) => {
    const { level, image, box } = boxes[r!]!;
    const [h, w] = level.shape.slice(2) as [number, number];
    const point = (from: number, to: number, at: number, count: number, side: number): number =>
      (from + ((to - from) * at) / (count - 1)) * (side - 1);
    const points: number[] = [];
    for (let i = 0; i < samples; i++)
      for (let j = 0; j < samples; j++) {
        const row = point(box[0], box[2], y! * samples + i, height * samples, h);
        const column = point(box[1], box[3], x! * samples + j, width * samples, w);
        points.push(between(level, image, c!, row, column));
      }
    return mean(points);
  });
};

/** Bilinear: what lies between four elements. */
function between(level: Array4, n: number, c: number, row: number, column: number): number {
  const [y, x] = [Math.floor(row), Math.floor(column)];
  const [fy, fx] = [row - y, column - x];
  const at = (i: number, j: number): number => element(level, [n, c, y + i, x + j]) ?? 0;
  return (at(0, 0) * (1 - fx) + at(0, 1) * fx) * (1 - fy) + (at(1, 0) * (1 - fx) + at(1, 1) * fx) * fy;
}

const convTranspose: Reference = ({ x, shape, weights: { weight, bias }, attributes }) => {
  const [kh, kw] = attributes['kernel'] as Pair;
  const [sh, sw] = attributes['stride'] as Pair;
  const [dh, dw] = attributes['dilation'] as Pair;
  const [top, left] = attributes['padding'] as Padding;
  const groups = attributes['groups'] as number;
  const [seen, made] = [x.shape[1]! / groups, shape[1]! / groups];
  return fill(shape, ([n, out, y, z]) => {
    let sum = bias?.[out!] ?? 0;
    const group = Math.floor(out! / made);
    for (const [c, i, j] of positions([seen, x.shape[2]!, x.shape[3]!])) {
      const [row, column] = [(y! + top - i! * sh) / dh, (z! + left - j! * sw) / dw];
      if (!Number.isInteger(row) || !Number.isInteger(column)) continue;
      if (row < 0 || row >= kh || column < 0 || column >= kw) continue;
      const channel = group * seen + c!;
      const at = ((channel * made + (out! % made)) * kh + row) * kw + column;
      sum += element(x, [n!, channel, i!, j!])! * weight![at]!;
    }
    return sum;
  });
};

/** All elements that differ from this one along one side alone. */
const along = (x: Array4, at: readonly number[], side: number): number[] =>
  Array.from({ length: x.shape[side]! }, (_, i) => element(x, at.with(side, i))!);

const softmax: Reference = ({ x, shape, attributes }) =>
  fill(shape, (at) => {
    const across = along(x, at, attributes['axis'] as number);
    return Math.exp(element(x, at)!) / across.reduce((sum, value) => sum + Math.exp(value), 0);
  });

/** PyTorch's rule: padding counts for the mean where it was asked for, what hangs over it never does. */
const pool =
  (reduce: (elements: readonly number[], counted: number) => number): Reference =>
  ({ x, shape, attributes }) => {
    const [kh, kw] = attributes['kernel'] as Pair;
    const [sh, sw] = attributes['stride'] as Pair;
    const [top, left, bottom, right] = attributes['padding'] as Padding;
    const [, , h, w] = x.shape;
    const [dh, dw] = (attributes['dilation'] ?? [1, 1]) as Pair;
    return fill(shape, ([n, c, y, z]) => {
      const elements: number[] = [];
      let counted = 0;
      for (let i = y! * sh - top; i < Math.min(y! * sh - top + kh * dh, h! + bottom); i += dh)
        for (let j = z! * sw - left; j < Math.min(z! * sw - left + kw * dw, w! + right); j += dw) {
          const met = element(x, [n!, c!, i, j]);
          if (met !== undefined) elements.push(met);
          if (met !== undefined || attributes['countIncludePad']) counted++;
        }
      return reduce(elements, counted);
    });
  };

const adaptiveAvgPool: Reference = ({ x, shape }) => {
  const [, , h, w] = x.shape;
  const [, , height, width] = shape;
  return fill(shape, ([n, c, y, z]) => {
    const elements: number[] = [];
    for (let i = Math.floor((y! * h!) / height!); i < Math.ceil(((y! + 1) * h!) / height!); i++)
      for (let j = Math.floor((z! * w!) / width!); j < Math.ceil(((z! + 1) * w!) / width!); j++)
        elements.push(element(x, [n!, c!, i, j])!);
    return mean(elements);
  });
};

const combine =
  (f: (a: number, b: number) => number): Reference =>
  ({ inputs, shape }) =>
    fill(shape, (at) => {
      const [a, b] = inputs.map((input) => {
        const own = at.slice(at.length - input.shape.length);
        return element(
          input,
          own.map((place, i) => (input.shape[i] === 1 ? 0 : place)),
        )!;
      });
      return f(a!, b!);
    });

const concat: Reference = ({ inputs, shape, attributes }) => {
  const axis = attributes['axis'] as number;
  return fill(shape, (at) => {
    let place = at[axis]!;
    const from = inputs.find((input) => place < input.shape[axis]! || ((place -= input.shape[axis]!), false))!;
    return element(from, at.with(axis, place))!;
  });
};

const split: Reference = ({ x, shape, attributes }) => {
  const before = (attributes['sizes'] as number[]).slice(0, attributes['part'] as number).reduce((a, b) => a + b, 0);
  return fill(shape, ([n, c, ...rest]) => element(x, [n!, before + c!, ...rest])!);
};

const subsample: Reference = ({ x, shape, attributes }) => {
  const [sh, sw] = attributes['step'] as Pair;
  return fill(shape, ([n, c, y, z]) => element(x, [n!, c!, y! * sh, z! * sw])!);
};

/** [N, g, C/g] becomes [N, C/g, g]: output channel i x g + j is input channel j x (C/g) + i. */
const channelShuffle: Reference = ({ x, shape, attributes }) => {
  const groups = attributes['groups'] as number;
  return fill(shape, ([n, c, y, z]) => {
    const from = (c! % groups) * (shape[1]! / groups) + Math.floor(c! / groups);
    return element(x, [n!, from, y!, z!])!;
  });
};

/** Sample points are the centres of the new elements, measured in old ones; outside, the edge goes on. */
const upsample: Reference = ({ x, shape, attributes }) => {
  const [sh, sw] = attributes['scale'] as Pair;
  if (attributes['mode'] === 'nearest')
    return fill(shape, ([n, c, y, z]) => element(x, [n!, c!, Math.floor(y! / sh), Math.floor(z! / sw)])!);
  const along = (place: number, scale: number, side: number): readonly [number, number, number] => {
    const point = Math.max(0, (place + 0.5) / scale - 0.5);
    const low = Math.floor(point);
    return [low, Math.min(low + 1, side - 1), point - low];
  };
  return fill(shape, ([n, c, y, z]) => {
    const [y0, y1, fy] = along(y!, sh, x.shape[2]!);
    const [z0, z1, fz] = along(z!, sw, x.shape[3]!);
    const row = (i: number): number => element(x, [n!, c!, i, z0])! * (1 - fz) + element(x, [n!, c!, i, z1])! * fz;
    return row(y0) * (1 - fy) + row(y1) * fy;
  });
};

const pad: Reference = ({ x, shape, attributes }) => {
  const [top, left] = attributes['padding'] as Padding;
  const [before] = attributes['channels'] as [number, number];
  return fill(shape, ([n, c, y, z]) => element(x, [n!, c! - before, y! - top, z! - left]) ?? 0);
};

const same: Reference = ({ x }) => x.values;

/** Scale and alpha of arXiv 1706.02515. */
const SELU = [1.0507009873554805, 1.6732632423543772] as const;

const REFERENCES: Readonly<Record<Exclude<OpName, NotRun>, Reference>> = {
  conv,
  convTranspose,
  linear,
  batchNorm,
  layerNorm,
  groupNorm,
  l2Norm,
  scale: each((x, { weights: { factor } }) => x * factor![0]!),
  channelPool,
  roiAlign,
  relu: each((x) => Math.max(x, 0)),
  relu6: each(relu6),
  leakyRelu: each((x, { attributes }) => (x > 0 ? x : x * (attributes['slope'] as number))),
  sigmoid: each(logistic),
  hardSigmoid: each((x) => relu6(x + 3) / 6),
  hardSwish: each((x) => (x * relu6(x + 3)) / 6),
  silu: each((x) => x * logistic(x)),
  gelu: each((x) => (x * (1 + erf(x / Math.SQRT2))) / 2),
  softmax,
  maxPool: pool((elements) => Math.max(...elements)),
  avgPool: pool((elements, counted) => elements.reduce((a, b) => a + b, 0) / counted),
  globalAvgPool: ({ x, shape }) =>
    fill(shape, ([n, c]) => mean(Array.from(positions(x.shape.slice(2)), (at) => element(x, [n!, c!, ...at])!))),
  adaptiveAvgPool,
  add: combine((a, b) => a + b),
  subtract: combine((a, b) => a - b),
  multiply: combine((a, b) => a * b),
  divide: combine((a, b) => a / b),
  maximum: combine(Math.max),
  minimum: combine(Math.min),
  tanh: each(Math.tanh),
  elu: each((x, { attributes }) => {
    const [scale, alpha] = attributes['selu'] ? SELU : [1, 1];
    return scale * (x > 0 ? x : alpha * Math.expm1(x));
  }),
  softplus: each((x) => Math.log1p(Math.exp(x))),
  mish: each((x) => x * Math.tanh(Math.log1p(Math.exp(x)))),
  clip: each((x, { attributes }) => Math.min(Math.max(x, attributes['least'] as number), attributes['most'] as number)),
  erf: each(erf),
  exponential: each(Math.exp),
  logarithm: each(Math.log),
  squareRoot: each(Math.sqrt),
  reciprocal: each((x) => 1 / x),
  absolute: each(Math.abs),
  negate: each((x) => -x),
  power: each((x, { attributes }) => x ** (attributes['exponent'] as number)),
  ...LAYOUT_REFERENCES,
  ...FURTHER_REFERENCES,
  ...MOVE_REFERENCES,
  concat,
  split,
  subsample,
  channelShuffle,
  reshape: same,
  flatten: same,
  upsample,
  pad,
};
