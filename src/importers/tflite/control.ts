// Branches, loops and calls of TFLite. The graph holds a subgraph once for each time that it runs.

import { InputError } from '../../inputError.js';
import type { Results } from '../kit/call.js';
import { numberIn, runInner, runWhile } from '../kit/innerGraph.js';
import { constant, type Constant, type Operand } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { optionsOf, type TfliteCall } from './network.js';
import type { Call } from './sides.js';

/** Undefined for any other operator. */
export function controlled(call: Call): Results | undefined {
  if (call.file.custom || !isControl(call.op)) return undefined;
  return CONTROL[call.op]!(call, (index, inputs) => subgraph(call, index, inputs));
}

function subgraph(call: Call, index: number, inputs: readonly Operand[]): readonly Operand[] {
  const { inputs: keys, outputs, calls, constants } = call.file.network.subgraph(index);
  if (keys.length !== inputs.length)
    throw new InputError(`its subgraph ${index} takes ${keys.length} inputs and is given ${inputs.length}`);
  const steps = calls.map((inner) => ({ call: inner }));
  return runInner(call, { inputs: keys, constants, outputs, steps }, inputs);
}

type Run = (index: number, inputs: readonly Operand[]) => readonly Operand[];

const operandsFrom = (call: Call, first: number): readonly Operand[] =>
  call.inputs.slice(first).map((_, i) => call.operand(first + i));

/** The first input is the condition. */
function branch(call: Call, run: Run): Results {
  const taken = numberIn(call.operand(0));
  if (taken === undefined)
    throw new Uncounted('its condition is computed from the image, so that the branch is known when it runs');
  const options = optionsOf(call.file, 'If');
  return run(taken !== 0 ? options.then : options.otherwise, operandsFrom(call, 1));
}

function loop(call: Call, run: Run): Results {
  const options = optionsOf(call.file, 'While');
  return runWhile(
    operandsFrom(call, 0),
    (state) => run(options.condition, state),
    (state) => run(options.body, state),
  );
}

/**
 * A variable is identified by the number of its name. Its value is what the file assigns to it
 * before the first run.
 */
function variable(call: Call): Constant {
  return constant('int', [], [call.file.network.variableOf(call.file)]);
}

function read(call: Call): Results {
  const number = call.items(0)?.[0];
  const assigned = typeof number === 'number' ? call.file.network.assigned(number) : undefined;
  const [key] = call.file.outputs;
  return assigned ?? constant('float', call.file.network.tensor(key!).shape);
}

const CONTROL: Readonly<Record<string, (call: Call, run: Run) => Results>> = {
  IF: branch,
  WHILE: loop,
  CALL: (call, run) => run(optionsOf(call.file, 'Call').subgraph, operandsFrom(call, 0)),
  /** An op of a framework's own, written out in simpler ones. */
  STABLEHLO_COMPOSITE: (call, run) => run(optionsOf(call.file, 'Composite').subgraph, operandsFrom(call, 0)),
  /** It runs once, before the first image, and is not counted. */
  CALL_ONCE: () => [],
  VAR_HANDLE: variable,
  READ_VARIABLE: read,
  ASSIGN_VARIABLE: () => [],
};

export const isControl = (op: string): boolean => Object.hasOwn(CONTROL, op);

/** Subgraphs that an operator can run when the network does. */
export function innerGraphs(call: TfliteCall): readonly number[] {
  if (call.custom) return [];
  if (call.op === 'IF') return Object.values(optionsOf(call, 'If'));
  if (call.op === 'WHILE') return Object.values(optionsOf(call, 'While'));
  if (call.op === 'STABLEHLO_COMPOSITE') return [optionsOf(call, 'Composite').subgraph];
  return call.op === 'CALL' ? [optionsOf(call, 'Call').subgraph] : [];
}
