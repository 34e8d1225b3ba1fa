// Converts an exported program into our graph at one size of its image.

import { equal, isNumber, product, total, type Dim } from '../../dim/dim.js';
import type { Graph } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { convert, type Converted, type ConvertOptions, type FileGraph, type Format } from '../kit/convert.js';
import type { Call, ConversionStep } from '../kit/call.js';
import { likeOperand, ownValues } from '../kit/likeOperand.js';
import { constant, detached, isConstant, type Constant, type Operand } from '../kit/operand.js';
import { ordered } from '../kit/order.js';
import { bindingsAt, shapeAt, sizesOf } from './bindings.js';
import { frameworkCalls } from './frameworkCalls.js';
import { stepsOf } from './compose.js';
import { foldSizes } from './foldSizes.js';
import { moduleOf, TorchNaming } from './naming.js';
import type { Program } from './program.js';
import type { Bindings } from './sizes.js';
import { rowOf } from './table.js';
import { computedParameters, generatedTensors } from './generatedTensors.js';
import { keysOf, torchCall, type TorchCall } from './torchCall.js';

/** An exported program whose calls are in order, before the size of the image is known. */
export interface Prepared {
  readonly name: string;
  readonly program: Program;
  readonly calls: readonly TorchCall[];
  /** The calls, grouped by layer. */
  readonly steps: readonly ConversionStep<TorchCall>[];
  /** The tensor whose sides --batch and --input say. */
  readonly image: string;
  readonly constants: ReadonlyMap<string, Constant>;
  readonly options: ConvertOptions;
}

export function prepared(program: Program, name: string, options: ConvertOptions): Prepared {
  const image = program.given.find((given) => sizesOf(program, given).length === 4) ?? program.given[0];
  if (image === undefined) throw new InputError('its exported program takes no tensor: there is nothing to count');
  const constants = new Map([...program.stored.keys()].map((key) => [key, constantOf(program, key)]));
  const given = new Set([...program.given, ...constants.keys()]);
  const calls = program.operations
    .filter(({ outputs }) => outputs.flatMap(keysOf).length > 0)
    .map((operation) => torchCall(operation, program));
  const inOrder = ordered(calls, given, titleOf);
  return { name, program, calls: inOrder, steps: stepsOf(inOrder, program), image, constants, options };
}

/** A parameter is learnt; buffers and constants are stored and cost no parameters. */
function constantOf(program: Program, key: string): Constant {
  const sides = sizesOf(program, key);
  const { kind, path } = program.stored.get(key)!;
  const shape = sides.map((side) => {
    if (typeof side === 'number' && side >= 0) return side;
    throw new InputError(`its ${kind} ${shown(path)} has a size that is not a number: export the model again`);
  });
  const { type: scalar, isFixed } = program.tensors.get(key)!;
  const type = /int|bool/.test(scalar) ? 'int' : 'float';
  const learnt = { id: path, elements: product(shape), ...(isFixed ? { frozen: true as const } : {}) };
  const stored = kind === 'parameter' ? [learnt] : [];
  return constant(type, shape, undefined, stored);
}

/** Names the module path too: it says more to a user than the name of a value. */
export function titleOf(call: TorchCall): string {
  const path = moduleOf(call)?.join('.') ?? '';
  return `node ${shown(call.name)} (${call.op}${path === '' ? '' : ` in ${shown(path).slice(1, -1)}`})`;
}

/** @throws InputError naming the node */
export function graphAt(prepared: Prepared, shape: Shape): Graph {
  const { program, image } = prepared;
  const own = sizesOf(program, image);
  if (shape.length !== own.length)
    throw new InputError(`its input has ${own.length} sides, and ${shape.length} are given: ${showShape(shape)}`);
  const { bindings, changed } = bindingsAt(program, image, shape);
  if (changed.length === 0) return converted(prepared, shape, bindings).graph;
  return changedGraph(prepared, shape, changed, bindings);
}

/**
 * The graph at sides that differ from those the program fixes. It exists where no node of the
 * program has the fixed side written into its arguments.
 */
function changedGraph(prepared: Prepared, shape: Shape, changed: readonly number[], bindings: Bindings): Graph {
  const own = sizesOf(prepared.program, prepared.image);
  try {
    return checkedBatch(prepared, shape, converted(prepared, shape, bindings, true).graph);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const symbolic = changed.filter((i) => !isNumber(shape[i]!));
    if (error.name === 'NoClosedForm') throw error;
    // Some fixed sides cannot be symbols. They take the program's own numbers, first the batch
    // alone, then all of them; the other sides stay symbols.
    if (symbolic.length === changed.length && symbolic.length > 0) {
      const batchOnly = changed.includes(0) && changed.length > 1;
      const fixed = shape.map((side, i) =>
        changed.includes(i) && (!batchOnly || i === 0) ? (own[i] as number) : side,
      );
      return graphAt(prepared, fixed);
    }
    throw new InputError(
      `it is exported for an input of [${own.map((side) => (typeof side === 'number' ? side : '?')).join(', ')}] and does not take ${showShape(shape)}: ${error.message}; export it with dynamic_shapes for other sizes`,
    );
  }
}

/**
 * A reshape to the batch of the export can fold another batch into the next side. The outputs then
 * do not have the batch that was asked for.
 */
function checkedBatch({ program, image }: Prepared, [n]: Shape, made: Graph): Graph {
  const [stated] = sizesOf(program, image);
  const result = program.results.flatMap(keysOf).find((key) => key !== undefined && program.tensors.has(key));
  const first = result === undefined ? undefined : program.tensors.get(result)!.sizes[0];
  const side = made.nodes.find(({ name }) => name === made.outputs[0])?.shape[0];
  if (first === undefined || first !== stated || side === undefined || equal(side, n!)) return made;
  throw new InputError(`its output would have ${isNumber(side) ? side : 'another number of'} images`);
}

/** The graph with the value of every key, which tests compare with the shapes of the program. */
export function converted(prepared: Prepared, shape: Shape, bindings: Bindings, resized = false): Converted<TorchCall> {
  const { name, program, steps, image, constants, options } = prepared;
  const others = program.given.filter((key) => key !== image);
  const batch = sizesOf(program, image)[0];
  const file: FileGraph<TorchCall> = {
    name,
    steps,
    inputs: [image, ...others].map((key) => ({
      key,
      name: key,
      shape: key === image ? shape : batched(shapeAt(program, key, bindings), batch, shape[0]!),
    })),
    constants,
    outputs: [...new Set(program.results.flatMap(keysOf))].filter(
      (key) => key !== undefined && program.tensors.has(key),
    ) as string[],
  };
  const naming = new TorchNaming(
    steps.flatMap(({ call, parts = [] }) => [call, ...parts]),
    program,
  );
  const converted = convert(
    file,
    formatOf(program, bindings, resized ? ownValues(shape, sizesOf(program, image)) : undefined),
    naming,
    options,
  );
  const unread = unreadIn(program, converted.graph);
  const generated = generatedTensors(program, converted.graph, prepared.calls, converted.values, converted.nodeNames);
  const computed = computedParameters(program, prepared.calls, converted.values);
  const graph = {
    ...converted.graph,
    ...(generated.size === 0 ? {} : { generated }),
    ...(computed === 0 ? {} : { computedParameters: computed }),
    calls: frameworkCalls(converted.graph, converted.nodeNames, program),
    ...(unread === 0 ? {} : { unread }),
  };
  return { ...converted, graph: Object.freeze(graph) };
}

/** Other inputs with the batch of the image get the batch that is asked for. */
const batched = ([first, ...rest]: Shape, stated: unknown, n: Dim): Shape =>
  first === undefined ? [1] : [first === stated ? n : first, ...rest];

/** @param values of the symbols at the program's own sizes; undefined where the sizes are these */
function formatOf(
  program: Program,
  bindings: Bindings,
  values: Readonly<Record<string, number>> | undefined,
): Format<TorchCall> {
  return {
    rowOf: ({ op }) => rowOf(op),
    fold: (call) => foldDetached(call) ?? foldSizes(call),
    title: titleOf,
    // The program states shapes at its own sizes only.
    shapeOf: (call, output, operands) =>
      values
        ? likeOperand(statedShape(program, call, output, new Map()), operands, values)
        : statedShape(program, call, output, bindings),
  };
}

/** The detach of a constant is the same constant without a gradient. It needs no node. */
function foldDetached({ op, inputs: [first] }: Call<TorchCall>): Operand | undefined {
  return /^aten\.detach_?$/.test(op) && first && isConstant(first) ? detached(first) : undefined;
}

function statedShape(program: Program, call: TorchCall, output: number, bindings: Bindings): Shape | undefined {
  const key = call.prefix === '' ? call.outputs[output] : undefined;
  if (key === undefined || !program.tensors.has(key)) return undefined;
  try {
    const shape = shapeAt(program, key, bindings);
    return shape.every((side) => !isNumber(side) || side > 0) ? shape : undefined;
  } catch (error) {
    // The size depends on the content of the image.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Learnt numbers that no node of the graph reads. */
function unreadIn({ stored, tensors }: Program, graph: Graph): number {
  const read = new Set(
    graph.nodes.flatMap(({ tensors: own = {} }) => Object.values(own).flatMap((all) => all.map(({ id }) => id))),
  );
  const open = [...stored].filter(([, { kind, path }]) => kind === 'parameter' && !read.has(path));
  return total(open.map(([key]) => product(tensors.get(key)!.sizes as readonly number[]))) as number;
}
