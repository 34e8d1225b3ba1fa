// Finds which nodes of an ONNX file each kernel of ONNX Runtime stands for.

import { COPIES, FileTensors, IS_HEAVY, type FileNode } from './fileTensors.js';
import { chainEnd } from './fusedActivations.js';

/** A node of the graph that the runtime made of the file. */
export interface KernelNode extends FileNode {
  readonly name: string;
  /** The activation that was fused into it, where there is one. */
  readonly activation?: string | undefined;
}

/** The input of a blocked convolution that is added to its result. */
const SUM_INPUT = 3;
/** Names that the runtime gives to nodes after the tensor that they first made. */
const NAMED_AFTER = [/^(.+)_bn_nchwc$/, /^(.+)_nchwc$/];
/** What the runtime appends to a tensor's name when it changes its layout. */
const TOKEN = /^(.+)_token_\d+$/;
/** What the runtime puts before the name of a float16 tensor that it computes in float32. */
export const FREE_CAST = 'InsertedPrecisionFreeCast_';

/** Ops that the runtime runs as several kernels, in this order. */
const PARTS: ReadonlyMap<string, readonly string[]> = new Map([['HardSwish', ['HardSigmoid', 'Mul']]]);

/**
 * A kernel ends at a tensor of the file, and stands for all nodes between its inputs and that
 * tensor. A node that does not lie between them is never its own, whatever the names say.
 * @param kernels in an order in which they can run
 * @param inputs names of the tensors that are given with every run
 * @returns indices of nodes, one set for each kernel; a copy into another layout has an empty set,
 * and so has a kernel that cannot be told
 */
export function fusedSets(
  nodes: readonly FileNode[],
  kernels: readonly KernelNode[],
  inputs: readonly string[],
): readonly (readonly number[])[] {
  return new FusedSets(new FileTensors(nodes, inputs)).of(kernels);
}

class FusedSets {
  /** The tensor of the file that each tensor of the runtime holds, in whatever layout. */
  private readonly holds = new Map<string, string>();
  /** Tensors that kernels made, and that hold no known tensor of the file. */
  private readonly unknown = new Set<string>();
  /** The tensor of the file that a copy makes of each tensor of the runtime. */
  private readonly copiedTo = new Map<string, string>();
  private readonly claimed = new Set<number>();
  /** The kernels that run one node each, as the file has it. */
  private readonly own = new Map<number, KernelNode>();
  /** Tensors of the runtime that are a part of what a node computes. */
  private readonly partial = new Map<string, number>();

  constructor(private readonly file: FileTensors) {}

  of(kernels: readonly KernelNode[]): readonly (readonly number[])[] {
    for (const kernel of kernels)
      for (const name of kernel.outputs)
        if (this.file.producer(name)?.op === kernel.op) this.own.set(this.file.producerIndex(name)!, kernel);
    for (const kernel of [...kernels].reverse()) this.followBack(kernel);
    return kernels.map((kernel) => this.setOf(kernel));
  }

  /** The result of a copy is its input. The kernel before it may have no name in the file. */
  private followBack({ op, inputs: [input], outputs: [output] }: KernelNode): void {
    if (!COPIES.has(op) || input === undefined || output === undefined) return;
    const end = this.original(output) ?? this.copiedTo.get(output);
    if (end === undefined) return;
    this.copiedTo.set(input, this.file.beforeCopies(end));
  }

  private setOf(kernel: KernelNode): readonly number[] {
    const whole = this.partOf(kernel);
    if (whole !== undefined) return [whole];
    const ends = this.endsOf(kernel);
    const [source] = kernel.inputs;
    if (COPIES.has(kernel.op) && !this.isNodeItself(kernel)) {
      const taken = this.copiesOf(kernel, this.fileTensor(source), ends);
      this.keep(kernel.outputs, this.fileTensor(source));
      return taken;
    }
    const set = this.claim(kernel, ends);
    kernel.outputs.forEach((name, i) => {
      this.keep([name], this.copiedTo.get(name) ?? (set.length === 0 ? undefined : this.endOf(kernel, i, ends[0])));
    });
    return set;
  }

  /** The tensor that an output holds, given one that the kernel makes. */
  private endOf({ outputs }: KernelNode, i: number, end: string | undefined): string | undefined {
    if (outputs.length === 1 || end === undefined) return end;
    const made = this.file.producer(end)?.outputs ?? [];
    return made.length === outputs.length ? made[i] : undefined;
  }

  /**
   * The node that a kernel is a part of. The first part reads the node's inputs, the last one makes
   * its output.
   */
  private partOf({ op, inputs, outputs }: KernelNode): number | undefined {
    const begun = inputs.flatMap((name) => this.partial.get(name) ?? [])[0];
    const [output = ''] = outputs;
    if (begun !== undefined) {
      const parts = PARTS.get(this.file.nodes[begun]!.op)!;
      if (!parts.includes(op)) return undefined;
      if (op === parts.at(-1)) this.keep([output], this.file.nodes[begun]!.outputs[0]);
      else this.partial.set(output, begun);
      return begun;
    }
    const source = this.fileTensor(inputs[0]);
    if (source === undefined || this.original(output) !== undefined) return undefined;
    const readers = this.file.readers(source);
    const whole = readers.filter((i) => PARTS.get(this.file.nodes[i]!.op)?.[0] === op && !this.claimed.has(i));
    if (whole.length !== 1 || readers.some((i) => this.file.nodes[i]!.op === op)) return undefined;
    this.claimed.add(whole[0]!);
    this.partial.set(output, whole[0]!);
    this.unknown.add(output);
    return whole[0];
  }

  /** A copy into another layout may include a transpose of the file. */
  private copiesOf(kernel: KernelNode, source: string | undefined, ends: readonly string[]): readonly number[] {
    const between = source === undefined ? null : this.file.between(new Set([source]), ends);
    const set = between?.filter((node) => !this.file.isConstantNode(node) && this.isFree(node, kernel)) ?? [];
    if (!set.every((node) => this.file.isCopy(node))) return [];
    for (const node of set) this.claimed.add(node);
    return set;
  }

  private keep(outputs: readonly string[], held: string | undefined): void {
    for (const name of outputs) {
      const tensor = this.original(name) ?? held;
      if (tensor === undefined) this.unknown.add(name);
      else this.holds.set(name, tensor);
    }
  }

  private fileTensor(name: string | undefined): string | undefined {
    if (name === undefined || this.unknown.has(name)) return undefined;
    return this.holds.get(name) ?? this.original(name) ?? name;
  }

  /** The tensor of the file that the runtime's name says. */
  private original(name: string): string | undefined {
    const plain = name.startsWith(FREE_CAST) ? name.slice(FREE_CAST.length) : name;
    return [name, plain].find((one) => this.file.producer(one) !== undefined);
  }

  private isNodeItself({ op, outputs }: KernelNode): boolean {
    return outputs.some((name) => this.file.producer(name)?.op === op);
  }

  /** Tensors of the file that the kernel makes; none where they cannot be told. */
  private endsOf(kernel: KernelNode): readonly string[] {
    const own = kernel.outputs.flatMap((name) => this.original(name) ?? []);
    if (own.length > 0) return own;
    const [output = ''] = kernel.outputs;
    const copied = kernel.outputs.flatMap((name) => this.copiedTo.get(name) ?? []);
    if (copied.length > 0) return copied;
    const named = [...NAMED_AFTER.map((pattern) => pattern.exec(kernel.name)), TOKEN.exec(output)];
    const known = named
      .flatMap((match) => (match === null ? [] : (this.original(match[1]!) ?? [])))
      .find((name) => !kernel.inputs.some((input) => this.fileTensor(input) === name));
    if (known !== undefined) return [this.forward(known, kernel)];
    const sources = kernel.inputs.map((name) => this.fileTensor(name));
    const end = this.file.sameOp(kernel.op, sources) ?? chainEnd(this.file, kernel.op, sources);
    return end === undefined ? [] : [this.forward(end, kernel)];
  }

  /**
   * From the tensor of the first fused node to that of the last one: an addition, then an
   * activation.
   */
  private forward(start: string, { inputs, activation }: KernelNode): string {
    let end = start;
    const added = inputs[SUM_INPUT] === '' ? undefined : this.fileTensor(inputs[SUM_INPUT]);
    if (added !== undefined) end = this.file.sameOp('Add', [end, added]) ?? end;
    const done = activation === undefined || this.file.producer(end)!.op === activation;
    return done ? end : (this.file.next(end, activation) ?? end);
  }

  /** Whether no other kernel has the node already, or runs it by itself later. */
  private isFree(node: number, kernel: KernelNode): boolean {
    return !this.claimed.has(node) && (this.own.get(node) ?? kernel) === kernel;
  }

  /** Each node belongs to the kernel that runs it alone, else to the first that needs it. */
  private claim(kernel: KernelNode, ends: readonly string[]): readonly number[] {
    const sources = kernel.inputs.map((name) => this.fileTensor(name));
    const between = sources.includes(undefined) ? null : this.file.between(new Set(sources), ends);
    const found = between !== null && this.fits(kernel, between) ? between : this.itself(kernel);
    const set = found.filter((node) => this.isFree(node, kernel));
    for (const node of set) this.claimed.add(node);
    return set;
  }

  /** A kernel has one product at most, and only kernels of products have one. */
  private fits({ op }: KernelNode, set: readonly number[]): boolean {
    const heavy = set.filter((node) => this.file.isHeavy(node));
    if (heavy.length === 0) return true;
    if (heavy.some((node) => this.claimed.has(node))) return false;
    return IS_HEAVY.test(op) && (heavy.length === 1 || /Attention/.test(op));
  }

  /**
   * The node of the same op that makes the same tensor, or the product that a kernel of products
   * makes, where no more is known. The runtime computes once what the file computes twice.
   */
  private itself({ op, outputs }: KernelNode): readonly number[] {
    const nodes = outputs.flatMap((name) => this.file.producerIndex(name) ?? []);
    const isOwn = (node: number): boolean =>
      this.file.nodes[node]!.op === op || (IS_HEAVY.test(op) && this.file.isHeavy(node));
    return [...new Set(nodes)].filter(isOwn);
  }
}
