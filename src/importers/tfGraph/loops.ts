// Loops of TensorFlow whose number of runs is in the file: their bodies stand there as often.

import { isNumber } from '../../dim/dim.js';
import { shown } from '../../document/problem.js';
import { InputError } from '../../inputError.js';
import { resultsOf, type Results } from '../kit/call.js';
import { isConstant, type Operand } from '../kit/operand.js';
import type { Layout } from '../kit/layout.js';
import { Uncounted } from '../kit/uncounted.js';
import type { GraphDef } from './graphDef.js';
import { inlinedFunction } from './inline.js';
import { dependenciesFirst } from './nodeOrder.js';
import { Nodes, prepared } from './steps.js';
import type { Constants } from './stored.js';
import { keyOf, type Call, type InnerGraph, type TfCall } from './tfCall.js';

const LOOPS: readonly string[] = ['While', 'StatelessWhile'];

/** Loops of one file, and how deep they may stand in each other. */
const MOST_LOOPS = 1000;
const DEEPEST = 16;

/** Reads the functions that the loops of a file run. */
export class Loops {
  private count = 0;

  constructor(
    private readonly graph: GraphDef,
    private readonly constants: Constants,
    private readonly layout: Layout,
  ) {}

  /** The same calls; each loop has its functions. */
  withFunctions(calls: readonly TfCall[], depth = 0): readonly TfCall[] {
    return calls.map((call) => {
      if (!LOOPS.includes(call.op)) return call;
      if (++this.count > MOST_LOOPS || depth === DEEPEST)
        throw new InputError(`it has more than ${MOST_LOOPS} loops, or more than ${DEEPEST} inside each other`);
      return { ...call, loop: { condition: this.read(call, 'cond', depth), body: this.read(call, 'body', depth) } };
    });
  }

  private read({ name, attributes }: TfCall, role: string, depth: number): InnerGraph {
    const key = attributes.function(role) ?? '';
    const called = this.graph.functions.get(key);
    if (!called) throw new InputError(`node ${shown(name)} runs the function ${shown(key)}, which is not in the file`);
    const path = `${name}/${role}/`;
    const { nodes: byName, outputs } = inlinedFunction(this.graph, called, path);
    const nodes = new Nodes(byName, outputs, this.constants);
    const calls = prepared(nodes, dependenciesFirst(byName, outputs), this.constants, this.layout);
    return {
      inputs: called.inputs.map((input) => path + input),
      calls: this.withFunctions(calls, depth + 1),
      constants: nodes.constants,
      outputs: outputs.map(({ node, output }) => keyOf(node, output)),
    };
  }
}

/** All calls, those of a loop's functions behind the loop. */
export const withInner = (calls: readonly TfCall[]): readonly TfCall[] =>
  calls.flatMap((call) => [
    call,
    ...(call.loop ? withInner([...call.loop.condition.calls, ...call.loop.body.calls]) : []),
  ]);

function run(call: Call, { inputs, calls, constants, outputs }: InnerGraph, given: readonly Operand[]): Results {
  const missing = inputs.findIndex((_, i) => given[i] === undefined);
  if (missing >= 0) throw new InputError(`its function takes an input ${missing}, which it is not given`);
  const known = new Map<string, Operand>([...constants, ...inputs.map((key, i) => [key, given[i]!] as const)]);
  const steps = calls.map((inner) => ({ call: inner }));
  return call.inline(steps, known, outputs);
}

/** The body runs on its own results as long as the condition holds. */
export function loop(call: Call): Results {
  const { condition, body } = call.file.loop!;
  let state: readonly Operand[] = call.inputs.map((_, i) => call.operand(i));
  for (;;) {
    const [again] = resultsOf(run(call, condition, state));
    const item = again && isConstant(again) ? again.items?.[0] : undefined;
    if (item === undefined || !isNumber(item))
      throw new Uncounted('its condition is computed from the image, so that how often it runs is known when it does');
    if (item === 0) return state;
    state = resultsOf(run(call, body, state)) as readonly Operand[];
  }
}
