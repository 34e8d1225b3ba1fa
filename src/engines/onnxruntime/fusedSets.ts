// Finds which nodes of an ONNX file each kernel of ONNX Runtime stands for.

/** A node of the file that was loaded. Its tensors have names that are unique in the graph. */
export interface FileNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

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

/**
 * A kernel ends at a tensor of the file, and stands for all nodes between its inputs and that
 * tensor. Fused kernels of the blocked layout are named after the tensor of the first node that was
 * fused; the end is then further on.
 * @param kernels in an order in which they can run
 * @returns indices of nodes, one set for each kernel; a copy into another layout has an empty set
 */
export function fusedSets(nodes: readonly FileNode[], kernels: readonly KernelNode[]): readonly (readonly number[])[] {
  return new FusedSets(nodes).of(kernels);
}

class FusedSets {
  private readonly producers = new Map<string, number>();
  private readonly consumers = new Map<string, number[]>();
  /** The tensor of the file that each tensor of the runtime holds, in whatever layout. */
  private readonly holds = new Map<string, string>();
  private readonly claimed = new Set<number>();

  constructor(private readonly nodes: readonly FileNode[]) {
    nodes.forEach(({ inputs, outputs }, i) => {
      for (const name of outputs) if (name !== '') this.producers.set(name, i);
      for (const name of inputs) this.consumers.set(name, [...(this.consumers.get(name) ?? []), i]);
    });
  }

  of(kernels: readonly KernelNode[]): readonly (readonly number[])[] {
    return kernels.map((kernel) => {
      const sources = new Set(kernel.inputs.map((name) => this.fileTensor(name)));
      const ends = this.endsOf(kernel).filter((end) => !sources.has(end));
      if (ends.length === 0) this.passOn(kernel);
      kernel.outputs.forEach((name, i) => {
        const end = ends[i] ?? ends[0];
        if (end !== undefined) this.holds.set(name, end);
      });
      return this.between(sources, ends);
    });
  }

  private fileTensor(name: string): string {
    return this.holds.get(name) ?? name;
  }

  /** A kernel that computes nothing leaves its input's values in another layout. */
  private passOn({ inputs, outputs }: KernelNode): void {
    const [first] = inputs;
    if (first !== undefined) for (const name of outputs) this.holds.set(name, this.fileTensor(first));
  }

  /** Tensors of the file that the kernel makes; none for a kernel that the runtime put in. */
  private endsOf(kernel: KernelNode): readonly string[] {
    const own = kernel.outputs.filter((name) => this.producers.has(name));
    if (own.length > 0) return own;
    const [output = ''] = kernel.outputs;
    const named = [...NAMED_AFTER.map((pattern) => pattern.exec(kernel.name)), TOKEN.exec(output)];
    const known = named.map((match) => match?.[1]).find((name) => name !== undefined && this.producers.has(name));
    const start = known ?? this.sameOp(kernel);
    return start === undefined ? [] : [this.forward(start, kernel)];
  }

  /**
   * An op that blocked data leaves as it is, such as a concat: the node of this op that reads the
   * same tensors.
   */
  private sameOp({ op, inputs }: KernelNode): string | undefined {
    const [first, ...others] = inputs.map((name) => this.fileTensor(name));
    const reads = (node: FileNode): boolean => others.every((name) => node.inputs.includes(name));
    const readers = (this.consumers.get(first ?? '') ?? []).map((i) => this.nodes[i]!);
    return readers.find((node) => node.op === op && node.inputs.length === inputs.length && reads(node))?.outputs[0];
  }

  /**
   * From the tensor of the first fused node to that of the last one: an addition, then an
   * activation.
   */
  private forward(start: string, { inputs, activation }: KernelNode): string {
    let end = start;
    if (inputs[SUM_INPUT]) end = this.next(end, 'Add') ?? end;
    const done = activation === undefined || this.nodes[this.producers.get(end)!]!.op === activation;
    return done ? end : (this.next(end, activation) ?? end);
  }

  private next(tensor: string, op: string): string | undefined {
    const reader = this.consumers.get(tensor)?.find((i) => this.nodes[i]!.op === op);
    return reader === undefined ? undefined : this.nodes[reader]!.outputs[0];
  }

  /**
   * All nodes that lead to the ends, back to the sources; each node belongs to the first kernel
   * that needs it.
   */
  private between(sources: ReadonlySet<string>, ends: readonly string[]): readonly number[] {
    const found: number[] = [];
    const open = [...ends];
    for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
      const node = sources.has(tensor) ? undefined : this.producers.get(tensor);
      if (node === undefined || this.claimed.has(node)) continue;
      this.claimed.add(node);
      found.push(node);
      open.push(...this.nodes[node]!.inputs);
    }
    return found.sort((a, b) => a - b);
  }
}
