// Rows of Einstein's notation. More than two operands are multiplied two by two.

import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { isConstant } from '../../kit/operand.js';
import { asParameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';

interface Terms {
  readonly operands: readonly string[];
  readonly result: string;
}

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** The letters of each operand and of the result, without dots. */
function termsOf(equation: string, ranks: readonly number[]): Terms {
  const [left = '', stated] = equation.replaceAll(' ', '').split('->');
  const written = left.split(',');
  if (written.length !== ranks.length)
    throw new InputError(`its equation "${equation}" has ${written.length} operands, and it reads ${ranks.length}`);
  const free = LETTERS.filter((letter) => !equation.includes(letter));
  const dotted = written.map((term, i) => (term.includes('...') ? ranks[i]! - term.length + 3 : 0));
  const most = Math.max(0, ...dotted);
  if (dotted.some((count) => count < 0) || most > free.length)
    throw new InputError(`its equation "${equation}" does not name the sides of its inputs`);
  const dots = free.slice(0, most);
  const operands = written.map((term, i) => term.replace('...', dots.slice(most - dotted[i]!).join('')));
  const once = [...new Set(operands.join(''))].filter((letter) => operands.join('').split(letter).length === 2);
  const implied =
    dots.join('') +
    once
      .filter((letter) => !dots.includes(letter))
      .sort()
      .join('');
  return { operands, result: stated === undefined ? implied : stated.replace('...', dots.join('')) };
}

function einsum(call: Call): Results {
  const count = call.inputs.length;
  const ranks = call.inputs.map((_, i) => call.rank(i));
  const { operands, result } = termsOf(call.file.attributes.text('equation', ''), ranks);
  if (count === 2) return ofTwo(call, operands, result);
  if (count === 1) return call.apply('einsum', call.data(0), { equation: `${operands[0]!}->${result}` });
  let [all, letters]: [Value, string] = [call.data(0), operands[0]!];
  for (let i = 1; i < count; i++) {
    const later = operands.slice(i + 1).join('') + result;
    const kept =
      i === count - 1 ? result : [...new Set(letters + operands[i]!)].filter((one) => later.includes(one)).join('');
    const given = { equation: `${letters},${operands[i]!}->${kept}` };
    all = call.apply('einsum', [all, call.data(i)], given, {}, i === count - 1 ? '' : String(i));
    letters = kept;
  }
  return all;
}

/** With a learnt operand it is a layer. */
function ofTwo(call: Call, [first, second]: readonly string[], result: string): Results {
  const learnt = [1, 0].find((i) => isConstant(call.operand(i)) && !isConstant(call.operand(1 - i)));
  if (learnt === undefined)
    return call.apply('einsum', [call.data(0), call.data(1)], { equation: `${first!},${second!}->${result}` });
  const weight = asParameter(call.weight(learnt, 'weights'), call.file.inputs[learnt]!);
  const equation = learnt === 1 ? `${first!},${second!}->${result}` : `${second!},${first!}->${result}`;
  return call.apply('einsumDense', call.data(1 - learnt), { equation, weight: weight.shape }, { weight });
}

export const EINSUMS: Readonly<Record<string, OnnxRow>> = { Einsum: { convert: einsum } };
