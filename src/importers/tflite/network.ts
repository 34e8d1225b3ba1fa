// The graphs of a TFLite file as calls of the kit: tensors get keys, and every index is checked.

import { shown } from '../../document/problem.js';
import { InputError } from '../../inputError.js';
import type { FileCall } from '../kit/call.js';
import { constant, type Constant } from '../kit/operand.js';
import { ordered } from '../kit/order.js';
import { constantOf, dataOf, isLearnt } from './constants.js';
import { isCustom, operatorName } from './operators.js';
import type { Options, OptionsName } from './options.js';
import type { Tables } from './readTables.js';
import type { Table } from './tables.js';

type Tensor = Table<'Tensor'>;

export interface TfliteCall extends FileCall {
  readonly network: Network;
  readonly operator: Table<'Operator'>;
  /** A custom operator, which is not in the table of builtin ones. */
  readonly custom: boolean;
  /** The options of a custom operator, as bytes. */
  readonly customOptions: Uint8Array;
}

/** Fields of an operator beside its inputs. */
export const optionsOf = <O extends OptionsName>({ network, operator }: TfliteCall, name: O): Options<O> =>
  network.options(operator, name);

export interface Subgraph {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly calls: readonly TfliteCall[];
  readonly constants: ReadonlyMap<string, Constant>;
}

export const titleOf = ({ op, name }: TfliteCall): string => `operator ${shown(name)} (${op})`;

const MOST_OPERATORS = 200_000;
const MOST_SIDES = 16;
const NO_BYTES = new Uint8Array();
const MOST_OPTION_BYTES = 1_000_000;

export class Network {
  readonly model: Table<'Model'>;
  /** The index of the main subgraph. */
  readonly main: number;
  private readonly keys: readonly (readonly string[])[];
  private readonly tensors = new Map<string, Tensor>();
  private readonly subgraphs = new Map<number, Subgraph>();
  private readonly variables: string[] = [];
  private values: ReadonlyMap<number, Constant> | undefined;
  /** The first tensor of each buffer, type and shape: subgraphs may share one. */
  private readonly owners = new Map<string, { readonly key: string; readonly graph: number }>();

  /** @throws InputError for a file that is no TFLite model, or is damaged */
  constructor(private readonly tables: Tables) {
    this.model = tables.model();
    const { subgraphs, signatures } = this.model;
    if (subgraphs.length === 0) throw new InputError('it holds no graph');
    const count = subgraphs.reduce((all, { operators }) => all + operators.length, 0);
    if (count === 0) throw new InputError('its graph has no operators');
    if (count > MOST_OPERATORS)
      throw new InputError(`it has ${count} operators, and at most ${MOST_OPERATORS} are counted`);
    const named = signatures.map(({ subgraph }) => subgraph);
    this.main = named.length === 0 || named.includes(0) ? 0 : named[0]!;
    this.keys = this.keysOf();
  }

  options<O extends OptionsName>(operator: Table<'Operator'>, name: O): Options<O> {
    return this.tables.options(operator, name);
  }

  private customOptions({ customOptions: { at, length } }: Table<'Operator'>): Uint8Array {
    if (length > MOST_OPTION_BYTES) throw new InputError(`its options have ${length} bytes, which no operator's have`);
    return this.tables.bytes(at, length);
  }

  tensor(key: string): Tensor {
    return this.tensors.get(key)!;
  }

  /**
   * @throws InputError where there is none, or its operators are in no order in which they can run
   */
  subgraph(index: number): Subgraph {
    const known = this.subgraphs.get(index);
    if (known) return known;
    const made = this.madeOf(index);
    this.subgraphs.set(index, made);
    return made;
  }

  /** The number of the variable that a VAR_HANDLE names. */
  variableOf(call: TfliteCall): number {
    const { container, sharedName } = this.options(call.operator, 'VarHandle');
    const name = JSON.stringify([container, sharedName]);
    const known = this.variables.indexOf(name);
    return known >= 0 ? known : this.variables.push(name) - 1;
  }

  /** What a variable holds before the first run, where the file says it. */
  assigned(variable: number): Constant | undefined {
    this.values ??= this.valuesOf();
    return this.values.get(variable);
  }

  /** The graphs that run once assign stored tensors to variables. */
  private valuesOf(): ReadonlyMap<number, Constant> {
    const values = new Map<number, Constant>();
    for (const once of this.subgraph(this.main).calls.filter(({ op }) => op === 'CALL_ONCE')) {
      const { calls, constants } = this.subgraph(this.options(once.operator, 'CallOnce').subgraph);
      const handles = new Map<string, number>();
      for (const call of calls) {
        if (call.op === 'VAR_HANDLE') handles.set(call.outputs[0] ?? '', this.variableOf(call));
        if (call.op !== 'ASSIGN_VARIABLE') continue;
        const [handle, value] = [handles.get(call.inputs[0] ?? ''), constants.get(call.inputs[1] ?? '')];
        if (handle !== undefined && value) values.set(handle, value);
      }
    }
    return values;
  }

  private madeOf(index: number): Subgraph {
    const graph = this.model.subgraphs[index];
    if (!graph) throw new InputError(`there is no subgraph ${index} among ${this.model.subgraphs.length}`);
    const keyOf = (i: number, where: string): string => {
      const key = this.keys[index]![i];
      if (key !== undefined) return key;
      throw new InputError(`${where} names tensor ${i}, and there are ${graph.tensors.length}`);
    };
    const calls = graph.operators.map((operator, i) => this.callOf(operator, `operator ${i}`, keyOf));
    const inputs = graph.inputs.map((i) => keyOf(i, 'the list of inputs'));
    const outputs = graph.outputs.map((i) => keyOf(i, 'the list of outputs'));
    const made = new Set([...inputs, ...calls.flatMap((call) => call.outputs)]);
    const constants = new Map<string, Constant>();
    for (const key of this.keys[index]!) {
      const found = made.has(key) ? undefined : this.constantAt(key, index);
      if (found) constants.set(key, found);
    }
    const given = new Set([...inputs, ...constants.keys()]);
    return { inputs, outputs, calls: ordered(calls, given, titleOf), constants };
  }

  private callOf(operator: Table<'Operator'>, where: string, keyOf: (i: number, where: string) => string): TfliteCall {
    const code = this.model.operatorCodes[operator.codeIndex];
    if (!code) throw new InputError(`${where} has the code ${operator.codeIndex}, which is not listed`);
    const outputs = operator.outputs.map((i) => keyOf(i, where));
    // The options are read now: the file may be closed when the graph is built.
    this.tables.keepOptions(operator);
    return {
      op: operatorName(code),
      name: outputs[0] ?? where,
      inputs: operator.inputs.map((i) => (i === -1 ? undefined : keyOf(i, where))),
      outputs,
      network: this,
      operator,
      custom: isCustom(code),
      customOptions: isCustom(code) ? this.customOptions(operator) : NO_BYTES,
    };
  }

  /** A stored tensor, the state of a variable, or a list without items. */
  private constantAt(key: string, graph: number): Constant | undefined {
    const tensor = this.tensor(key);
    const buffer = this.model.buffers[tensor.buffer];
    if (!buffer) throw new InputError(`the tensor ${shown(key)} names buffer ${tensor.buffer}, which is not there`);
    const data = dataOf(buffer);
    if (data) return constantOf(this.tables, tensor, data, this.idOf(key, graph, tensor));
    if (tensor.isVariable) return constant('float', tensor.shape);
    return tensor.shape.includes(0) ? constant(isLearnt(tensor) ? 'float' : 'int', tensor.shape, []) : undefined;
  }

  /**
   * Two tensors of one subgraph are different, even where they share a buffer. The same tensor in
   * two subgraphs counts as one.
   */
  private idOf(key: string, graph: number, { buffer, type, shape }: Tensor): string {
    const same = [buffer, type, ...shape].join();
    const first = this.owners.get(same);
    if (first === undefined) this.owners.set(same, { key, graph });
    return first === undefined || first.graph === graph ? key : first.key;
  }

  /** The tensors of all subgraphs, each under a unique name. */
  private keysOf(): readonly (readonly string[])[] {
    return this.model.subgraphs.map(({ tensors }) =>
      tensors.map((tensor) => {
        const name = tensor.name || 'tensor';
        if (Math.max(tensor.shape.length, tensor.signature.length) > MOST_SIDES)
          throw new InputError(`the tensor ${shown(name)} has more than ${MOST_SIDES} sides, which none of TFLite has`);
        let key = name;
        for (let number = this.tensors.size; this.tensors.has(key); number++) key = `${name}#${number}`;
        this.tensors.set(key, tensor);
        return key;
      }),
    );
  }
}
