// Loops whose number of runs is in the file: their bodies stand in the graph as often as they run.

import { isNumber, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import type { Results } from '../../kit/call.js';
import { numberIn, runInner } from '../../kit/innerGraph.js';
import { cut } from '../../kit/moves.js';
import { wholeSide } from '../../kit/slice.js';
import { constant, isConstant, type Operand } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Body, Call, OnnxRow } from '../onnxCall.js';

const WHEN_IT_RUNS = 'so that how often it runs is known when it does';

function bodyOf(call: Call): Body {
  const { body } = call.file;
  if (body) return body;
  throw new InputError('it has no body');
}

const run = (call: Call, { inputs, constants, outputs, steps }: Body, given: readonly Operand[]): readonly Operand[] =>
  runInner(call, { inputs, constants, outputs, steps: steps() }, given);

/**
 * (most runs, condition, state...): the state goes round, and every further result of a run is a
 * row of an output.
 */
function loop(call: Call): Results {
  const body = bodyOf(call);
  const most = call.has(0) ? numberIn(call.operand(0)) : Infinity;
  let goesOn = call.has(1) ? numberIn(call.operand(1)) : 1;
  const states = body.inputs.length - 2;
  if (most === undefined || goesOn === undefined)
    throw new Uncounted(`its number of runs is computed from the image, ${WHEN_IT_RUNS}`);
  let state: readonly Operand[] = Array.from({ length: states }, (_, i) => call.operand(2 + i));
  const rows: (readonly Operand[])[] = [];
  for (let i = 0; i < most && goesOn !== 0; i++) {
    const results = run(call, body, [constant('int', [], [i]), constant('int', [], [goesOn]), ...state]);
    goesOn = numberIn(results[0]);
    if (goesOn === undefined) throw new Uncounted(`its condition is computed from the image, ${WHEN_IT_RUNS}`);
    state = results.slice(1, 1 + states);
    rows.push(results.slice(1 + states));
  }
  return [
    ...state,
    ...stacks(
      call,
      rows,
      (i) => call.isRead(states + i),
      () => 0,
    ),
  ];
}

/** (state..., sequences...): one run for each part of the sequences along their axes. */
function scan(call: Call): Results {
  const body = bodyOf(call);
  const { attributes, facts } = call.file;
  if (facts.opset < 9) throw new Uncounted('its form before opset 9 is not read');
  const sequences = attributes.int('num_scan_inputs', 0);
  const states = body.inputs.length - sequences;
  if (sequences < 1 || states < 0) throw new InputError(`it runs over ${sequences} of ${body.inputs.length} inputs`);
  const list = (name: string): readonly number[] => attributes.ints(name) ?? [];
  const axes = Array.from({ length: sequences }, (_, i) =>
    call.axis(list('scan_input_axes')[i] ?? 0, call.rank(states + i)),
  );
  const runs = call.shape(states)[axes[0]!]!;
  if (!isNumber(runs)) throw new Uncounted('it runs once for each part of a side that is open');
  let state: readonly Operand[] = Array.from({ length: states }, (_, i) => call.operand(i));
  const rows: (readonly Operand[])[] = [];
  for (let i = 0; i < runs; i++) {
    const at = (j: number): number => (list('scan_input_directions')[j] === 1 ? runs - 1 - i : i);
    const parts = axes.map((axis, j) => partAt(call, call.data(states + j), axis, at(j), `part${i + 1}.${j + 1}`));
    const results = run(call, body, [...state, ...parts]);
    state = results.slice(0, states);
    rows.push(results.slice(states));
  }
  const axisOf = (i: number): number => list('scan_output_axes')[i] ?? 0;
  return [...state, ...stacks(call, rows, (i) => call.isRead(states + i), axisOf)];
}

/** One part of a side, without that side. */
function partAt(call: Call, x: Value, axis: number, index: number, part: string): Value {
  const cuts = x.shape.map(wholeSide).with(axis, { first: index, length: 1, step: 1 });
  const kept = cut(call, x, cuts, part);
  return call.apply('view', kept, { shape: x.shape.toSpliced(axis, 1) }, {}, `${part}.sides`);
}

/** What each run gave beside its state, one after the other along a new side. */
function stacks(
  call: Call,
  rows: readonly (readonly Operand[])[],
  isRead: (output: number) => boolean,
  axisOf: (output: number) => number,
): readonly (Operand | undefined)[] {
  const [first = []] = rows;
  return first.map((_, i) => {
    if (!isRead(i)) return undefined;
    const parts = rows.map((row, run): Value => {
      const operand = row[i]!;
      const x = isConstant(operand) ? call.value(operand, `${call.file.name} row ${run + 1}.${i + 1}`) : operand;
      const rank = x.shape.length + 1;
      const sides: readonly Dim[] = x.shape.toSpliced(call.axis(axisOf(i), rank), 0, 1);
      return call.apply('view', x, { shape: sides }, {}, `row${run + 1}.${i + 1}`);
    });
    const axis = call.axis(axisOf(i), parts[0]!.shape.length);
    return parts.length === 1 ? parts[0]! : call.apply('concat', parts, { axis }, {}, `rows${i + 1}`);
  });
}

/** One run for each member of the first list; further lists have as many, tensors are the same. */
function mapped(call: Call): Results {
  const body = bodyOf(call);
  const members = call.constant(0)?.sequence;
  if (!members) throw new Uncounted('its input is not a list that was made of known tensors');
  const runs = members.map((_, i) =>
    run(
      call,
      body,
      call.inputs.map((_, input) => {
        const given = call.operand(input);
        const own = isConstant(given) ? given.sequence : undefined;
        const one = own ? own[i] : given;
        if (one) return one;
        throw new InputError(`its list ${input} has fewer than ${members.length} tensors`);
      }),
    ),
  );
  return body.outputs.map((_, output) => ({
    ...constant('int', [runs.length]),
    sequence: runs.map((results) => results[output]!),
  }));
}

export const LOOPS: Readonly<Record<string, OnnxRow>> = {
  Loop: { convert: loop },
  Scan: { convert: scan },
  SequenceMap: { convert: mapped },
};
