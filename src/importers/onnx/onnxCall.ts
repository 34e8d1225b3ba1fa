// One node of an ONNX file as rows read it; opsets that moved attributes to inputs included.

import { isNumber } from '../../dim/dim.js';
import { elements } from '../../shape.js';
import { InputError } from '../../inputError.js';
import type { Call as KitCall, FileCall, Results, OpRow, ConversionStep } from '../kit/call.js';
import type { Constant } from '../kit/operand.js';
import { Attributes } from './attributes.js';
import type { OnnxNode } from './messages.js';

/** What holds for every node of a file. */
export interface FileFacts {
  readonly opset: number;
  /** Whether its weights are Constant nodes: it stores no tensors of real numbers. */
  readonly weightsAreNodes: boolean;
  /** Names of stored tensors. */
  readonly stored: ReadonlySet<string>;
  /** Those of them that are bytes, which may hold two numbers each. */
  readonly bytes: ReadonlySet<string>;
  /** Values that are copies of one parameter, with its name. */
  readonly copies: ReadonlyMap<string, string>;
}

/** One branch of an If as calls, in the order of the file. */
export interface Branch {
  readonly calls: readonly OnnxCall[];
  /** What it stores itself. */
  readonly constants: ReadonlyMap<string, Constant>;
  readonly outputs: readonly string[];
  /** In an order in which they can run. What it does not make itself stands around it. */
  steps(): readonly ConversionStep<OnnxCall>[];
}

/** What a loop runs. */
export interface Body extends Branch {
  /** Names under which it reads what each run is given. */
  readonly inputs: readonly string[];
}

export interface OnnxCall extends FileCall {
  readonly node: OnnxNode;
  /** "" where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly facts: FileFacts;
  /** Of an If whose branches were read: where its condition holds, and where it does not. */
  readonly branches?: readonly [holds: Branch, fails: Branch];
  /** Of a Loop or a Scan. */
  readonly body?: Body;
}

/** A call with its operands, as a row gets it. */
export type Call = KitCall<OnnxCall>;

export interface OnnxRow {
  /** Inputs that hold parameters: a graph input that is read there is no image. */
  readonly weights?: readonly number[];
  readonly convert: OpRow<OnnxCall>;
}

export type { Results };

/** Ops of the same name in other domains may be anything. */
const OWN_DOMAINS: readonly string[] = ['', 'ai.onnx', 'com.microsoft'];

export const isOwn = ({ domain = '' }: OnnxNode): boolean => OWN_DOMAINS.includes(domain);

export const callOf = (node: OnnxNode, facts: FileFacts): OnnxCall => ({
  node,
  op: node.opType ?? '',
  name: node.name ?? '',
  inputs: node.input,
  outputs: node.output,
  attributes: new Attributes(node),
  facts,
});

/** A list that older opsets have as an attribute and newer ones as an input. */
export function listOf(call: Call, name: string, i: number): readonly number[] | undefined {
  return call.file.attributes.ints(name) ?? (call.has(i) ? call.whole(i, name) : undefined);
}

/** A number that older opsets have as an attribute and newer ones as an input. */
export function numberOf(call: Call, name: string, i: number): number | undefined {
  const { attributes } = call.file;
  if (attributes.has(name)) return attributes.float(name, 0);
  if (!call.has(i)) return undefined;
  const [item] = call.sizes(i, name);
  if (item !== undefined && isNumber(item)) return item;
  throw new InputError(`its ${name} is not a number`);
}

/**
 * A parameter, under the name that the file has for it, so that two nodes that read it share it.
 * @throws Uncounted where the network computes it
 */
export const parameter = (call: Call, i: number, what: string): Constant =>
  asParameter(call.weight(i, what), call.file.inputs[i]!);

/** The same, undefined where it is absent. */
export const optionalParameter = (call: Call, i: number, what: string): Constant | undefined =>
  call.has(i) ? parameter(call, i, what) : undefined;

export function asParameter(constant: Constant, key: string): Constant {
  if (constant.stored?.length) return constant;
  return { ...constant, stored: [{ id: key, elements: elements(constant.shape) }] };
}
