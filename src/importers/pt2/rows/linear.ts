// Rows of matrix products: fully connected with learnt weights, else products of two inputs.

import { equal, isNumber, mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import type { Results } from '../../kit/call.js';
import { constant, isConstant, type Constant, type Operand } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRows } from '../aten.js';

/** [..., K] and weights [M, K]. */
function linear(aten: Aten): Results {
  const [weight, bias] = [aten.operand('weight'), aten.operand('bias')];
  const x = aten.data('input');
  if (weight === undefined) throw aten.missing('weight');
  if (isConstant(weight) && weight.shape.length === 2 && (!bias || isConstant(bias)))
    return layer(aten, x, weight, weight.shape[0]!, weight.shape[1]!, bias);
  const product = aten.apply('matmul', [x, aten.data('weight')], { transposeSecond: true });
  return bias ? aten.apply('add', [product, aten.data('bias')], {}, {}, 'bias') : product;
}

function layer(aten: Aten, x: Value, weight: Constant, features: Dim, inner: Dim, bias?: Constant): Value {
  if (x.shape.length === 0 || !equal(x.shape.at(-1)!, inner)) throw misfit(x.shape, weight.shape);
  return aten.apply('linear', x, { features, bias: bias !== undefined }, { weight, bias });
}

const misfit = (a: Shape, b: Shape): InputError =>
  new InputError(`${showShape(a)} and ${showShape(b)} cannot be multiplied as matrices`);

/** self + mat1 x mat2. A matrix that was learnt is the weights of a layer. */
function addmm(aten: Aten): Results {
  const [offset, weight] = [aten.operand('self'), aten.operand('mat2')];
  const x = aten.data('mat1');
  const learnt = weight && isConstant(weight) && weight.shape.length === 2;
  if (learnt && offset && isConstant(offset) && offset.shape.length === 1)
    return layer(aten, x, weight, weight.shape[1]!, weight.shape[0]!, offset);
  const product = multiplied(aten, x, 'mat2', 'product');
  return aten.apply('add', [product, aten.data('self')]);
}

/** x times another operand, which is a value or learnt. */
function multiplied(aten: Aten, x: Value, name: string, part = ''): Value {
  const other = aten.operand(name);
  if (other === undefined) throw aten.missing(name);
  if (isConstant(other) && other.shape.length === 2 && x.shape.length >= 2) {
    const [inner, features] = other.shape;
    if (!equal(x.shape.at(-1)!, inner!)) throw misfit(x.shape, other.shape);
    return aten.apply('linear', x, { features: features!, bias: false }, { weight: other }, part);
  }
  return aten.apply('matmul', [x, aten.data(name)], {}, {}, part);
}

/** self + mat x vec. */
function addmv(aten: Aten): Results {
  const vector = aten.data('vec');
  const column = aten.apply('view', vector, { shape: [...vector.shape, 1] }, {}, 'column');
  const product = aten.apply('matmul', [aten.data('mat'), column], {}, {}, 'product');
  const flat = aten.apply('view', product, { shape: product.shape.slice(0, -1) }, {}, 'sides');
  return aten.apply('add', [flat, aten.data('self')]);
}

/**
 * torch.tensordot: sums over the named sides of both. A learnt operand makes it a fully connected
 * layer.
 */
function tensordot(aten: Aten): Results {
  const [first, second] = [aten.operand('self'), aten.operand('other')];
  if (!first || !second) throw aten.missing(first ? 'other' : 'self');
  const [from, to] = [aten.wholes('dims_self') ?? [], aten.wholes('dims_other') ?? []];
  if (from.length !== to.length || first.shape.length + second.shape.length > LETTERS.length)
    throw misfit(first.shape, second.shape);
  const a = first.shape.map((_, i) => LETTERS[i]!);
  const b = second.shape.map((_, i) => LETTERS[first.shape.length + i]!);
  to.forEach((axis, i) => (b[aten.axis(axis, second)] = a[aten.axis(from[i]!, first)]!));
  const summed = new Set(from.map((axis) => a[aten.axis(axis, first)]!));
  const kept = [...a, ...b].filter((letter) => !summed.has(letter)).join('');
  const equation = `${a.join('')},${b.join('')}->${kept}`;
  if (isConstant(second) && second.stored && !isConstant(first))
    return aten.apply('einsumDense', first, { equation, weight: second.shape }, { weight: second });
  return aten.apply('einsum', [aten.data('self'), aten.data('other')], { equation });
}

function baddbmm(aten: Aten): Results {
  const product = aten.apply('matmul', [aten.data('batch1'), aten.data('batch2')], {}, {}, 'product');
  return aten.apply('add', [product, aten.data('self')]);
}

/** Vectors are a row or a column. */
function matmul(aten: Aten): Results {
  const second = ['other', 'mat2', 'vec2', 'vec', 'tensor'].find((name) => aten.has(name)) ?? 'other';
  const a = aten.data('self');
  const b = aten.operand(second);
  if (b === undefined) throw aten.missing(second);
  if (a.shape.length > 1 && b.shape.length > 1) return multiplied(aten, a, second);
  const left = a.shape.length > 1 ? a : aten.apply('view', a, { shape: [1, ...a.shape] }, {}, 'row');
  const right = aten.data(second);
  const column =
    right.shape.length > 1 ? right : aten.apply('view', right, { shape: [...right.shape, 1] }, {}, 'column');
  const product = aten.apply('matmul', [left, column]);
  const rank = product.shape.length;
  const kept = product.shape.filter(
    (_, i) => !(i === rank - 1 && right.shape.length === 1) && !(i === rank - 2 && a.shape.length === 1),
  );
  return aten.apply('view', product, { shape: kept.length === 0 ? [1] : kept }, {}, 'sides');
}

/** softmax(Q K^T / sqrt(d) + mask) V: two products, even where one kernel computes both. */
function attention(aten: Aten): Results {
  const query = aten.data('query');
  const [key, value] = [shared(aten, 'key', query), shared(aten, 'value', query)];
  const scores = aten.apply('matmul', [query, key], { transposeSecond: true }, {}, 'scores');
  const scaled = aten.apply('scaleBy', scores, { shape: [1], learnt: false }, {}, 'scaled');
  const masked = aten.has('attn_mask') || aten.has('attn_bias') ? maskedBy(aten, scaled) : scaled;
  const weights = aten.apply('softmax', masked, { axis: masked.shape.length - 1 }, {}, 'softmax');
  return aten.apply('matmul', [weights, value]);
}

function maskedBy(aten: Aten, scores: Value): Value {
  const name = aten.has('attn_mask') ? 'attn_mask' : 'attn_bias';
  const mask = aten.operand(name)!;
  if (!isConstant(mask)) return aten.apply('add', [scores, mask], {}, {}, 'masked');
  const shape = mask.shape.length === 0 ? [1] : mask.shape;
  const learnt = mask.stored !== undefined;
  return aten.apply('shiftBy', scores, { shape, learnt }, learnt ? { shift: mask } : {}, 'masked');
}

/** Grouped-query attention: several heads of queries share one of keys. */
function shared(aten: Aten, name: string, query: Value): Value {
  const x = aten.data(name);
  const axis = x.shape.length - 3;
  const [own, wanted] = [x.shape[axis], query.shape[axis]];
  if (axis < 0 || own === undefined || wanted === undefined || equal(own, wanted) || own === 1) return x;
  if (!isNumber(own) || !isNumber(wanted) || wanted % own !== 0) return x;
  const grouped = aten.apply('view', x, { shape: x.shape.toSpliced(axis + 1, 0, 1) }, {}, `${name}_groups`);
  const sides = grouped.shape.with(axis + 1, wanted / own);
  const repeated = aten.apply('expand', grouped, { shape: sides }, {}, `${name}_repeated`);
  return aten.apply('view', repeated, { shape: x.shape.with(axis, wanted) }, {}, `${name}_heads`);
}

/** Of more than two operands the first two are multiplied first, as torch.einsum does it. */
function einsum(aten: Aten): Results {
  const operands = aten.operands('tensors').filter((one): one is Operand => one !== undefined);
  const equation = plainEquation(aten.text('equation') ?? '', operands);
  if (operands.length < 3) return productOf(aten, operands, equation, '', () => aten.list('tensors'));
  const [left = '', result = ''] = equation.split('->');
  const terms = left.split(',');
  let [made, letters] = [operands[0]!, terms[0]!];
  for (let i = 1; i < operands.length; i++) {
    const later = terms.slice(i + 1).join('') + result;
    const both = [...new Set(letters + terms[i]!)].filter((letter) => later.includes(letter)).join('');
    const last = i === operands.length - 1;
    const own = `${letters},${terms[i]!}->${last ? result : both}`;
    made = productOf(aten, [made, operands[i]!], own, last ? '' : `product${i}`);
    letters = both;
  }
  return made;
}

/** Of two operands one may be learnt. It is then the weights of a fully connected layer. */
function productOf(
  aten: Aten,
  operands: readonly Operand[],
  equation: string,
  part = '',
  valuesOf = (): readonly Value[] =>
    operands.map((one, i) => aten.valueOf(one, `${aten.call.file.outputs[0]!} ${part}operand${i}`)),
): Value {
  const [first, second] = operands;
  if (operands.length === 2 && isConstant(second!) && second.stored && !isConstant(first!))
    return aten.apply('einsumDense', first!, { equation, weight: second.shape }, { weight: second }, part);
  if (operands.length === 2 && isConstant(first!) && first.stored && !isConstant(second!))
    return aten.apply(
      'einsumDense',
      second!,
      { equation: flipped(equation), weight: first.shape },
      { weight: first },
      part,
    );
  return aten.apply('einsum', valuesOf(), { equation }, {}, part);
}

/**
 * Products of several matrices in the order with the fewest multiply-adds, as
 * torch.linalg.multi_dot takes them.
 */
function chain(aten: Aten): Results {
  const name = aten.has('matrices') ? 'matrices' : 'tensors';
  const operands = aten.operands(name).filter((one): one is Operand => one !== undefined);
  const sides = operands.map(({ shape }) => shape);
  if (sides.some((shape) => shape.length !== 2 || !shape.every(isNumber)))
    throw new Uncounted('its order depends on the sizes of its operands, which are not all known');
  const breaks = [sides[0]![0] as number, ...sides.map((shape) => shape[1] as number)];
  const count = operands.length;
  const costs = operands.map(() => new Array<number>(count).fill(0));
  const cuts = operands.map(() => new Array<number>(count).fill(0));
  for (let length = 2; length <= count; length++)
    for (let from = 0; from + length <= count; from++) {
      const to = from + length - 1;
      costs[from]![to] = Infinity;
      for (let cut = from; cut < to; cut++) {
        const cost = costs[from]![cut]! + costs[cut + 1]![to]! + breaks[from]! * breaks[cut + 1]! * breaks[to + 1]!;
        if (cost >= costs[from]![to]!) continue;
        costs[from]![to] = cost;
        cuts[from]![to] = cut;
      }
    }
  const made = (from: number, to: number): Operand => {
    if (from === to) return operands[from]!;
    const cut = cuts[from]![to]!;
    const part = to - from === count - 1 ? '' : `product${from}_${to}`;
    return productOf(aten, [made(from, cut), made(cut + 1, to)], 'ij,jk->ik', part);
  };
  return made(0, count - 1);
}

/** Every element of the one times every element of the other. */
function kron(aten: Aten): Results {
  const [a, b] = [aten.data('self'), aten.data('other')];
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = (shape: Shape): Shape => [...new Array<Dim>(rank - shape.length).fill(1), ...shape];
  const [first, second] = [padded(a.shape), padded(b.shape)];
  const spread = aten.apply('view', a, { shape: first.flatMap((side) => [side, 1]) }, {}, 'spread');
  const beside = aten.apply('view', b, { shape: second.flatMap((side) => [1, side]) }, {}, 'beside');
  const product = aten.apply('multiply', [spread, beside], {}, {}, 'product');
  return aten.apply('view', product, { shape: first.map((side, i) => mul(side, second[i]!)) });
}

function flipped(equation: string): string {
  const [left = '', result = ''] = equation.split('->');
  return `${left.split(',').reverse().join(',')}->${result}`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Replaces dots by letters. A result that is left out has the letters that occur once, in
 * alphabetical order.
 */
function plainEquation(given: string, operands: readonly Operand[]): string {
  const [left = '', right] = given.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',');
  const free = LETTERS.split('').filter((letter) => !given.includes(letter));
  const hidden = terms.map((term, i) =>
    term.includes('...') ? Math.max(0, (operands[i]?.shape.length ?? 0) - (term.length - 3)) : 0,
  );
  const most = free.slice(0, Math.max(0, ...hidden)).join('');
  const dots = (count: number): string => most.slice(most.length - count);
  const spelled = terms.map((term, i) => term.replace('...', dots(hidden[i]!)));
  const all = terms.join('').replaceAll('.', '');
  const once = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  const result = right === undefined ? most + once.join('') : right.replace('...', most);
  return `${spelled.join(',')}->${result}`;
}

/** F.bilinear: each output feature has a matrix of its own between the two inputs. */
function bilinear(aten: Aten): Results {
  const weight = aten.weight('weight', 'weights');
  const first = aten.apply(
    'einsumDense',
    aten.data('input1'),
    { equation: `${rows(aten, 'input1')}i,oij->${rows(aten, 'input1')}oj`, weight: weight.shape },
    { weight },
    'first',
  );
  const second = aten.data('input2');
  const column = aten.apply('view', second, { shape: [...second.shape, 1] }, {}, 'column');
  const product = aten.apply('matmul', [first, column], {}, {}, 'product');
  const bias = aten.optional('bias', 'biases');
  const flat = aten.apply('view', product, { shape: product.shape.slice(0, -1) }, {}, 'sides');
  return bias ? aten.apply('shiftBy', flat, { shape: bias.shape }, { shift: bias }) : flat;
}

const rows = (aten: Aten, name: string): string => LETTERS.slice(0, (aten.operand(name)?.shape.length ?? 1) - 1);

/** The value, and undefined for what the kernel gives beside it: a logarithm, random numbers. */
const andMore = (made: Results): Results => [
  made as Operand,
  constant('float', [1]),
  constant('int', [1]),
  constant('int', [1]),
];

export const LINEARS: AtenRows = {
  linear,
  addmm,
  mm: (aten) => multiplied(aten, aten.data('self'), 'mat2'),
  bmm: (aten) => aten.apply('matmul', [aten.data('self'), aten.data('mat2')]),
  baddbmm,
  addmv,
  tensordot,
  matmul,
  mv: matmul,
  dot: matmul,
  vdot: matmul,
  inner: (aten) => aten.apply('matmul', [aten.data('self'), aten.data('other')], { transposeSecond: true }),
  einsum,
  ...{ chain_matmul: chain, linalg_multi_dot: chain, kron },
  bilinear,
  scaled_dot_product_attention: attention,
  _scaled_dot_product_flash_attention_for_cpu: (aten) => andMore(attention(aten)),
  _scaled_dot_product_flash_attention: (aten) => andMore(attention(aten)),
  _scaled_dot_product_efficient_attention: (aten) => andMore(attention(aten)),
  _scaled_dot_product_cudnn_attention: (aten) => andMore(attention(aten)),
  _scaled_dot_product_attention_math: (aten) => andMore(attention(aten)),
  _scaled_dot_product_attention_math_for_mps: (aten) => andMore(attention(aten)),
};
