// The tensors of an ONNX file: their makers and readers, and the nodes between them.

/** A node of the file that was loaded. Its tensors have names that are unique in the graph. */
export interface FileNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Ops that multiply matrices or convolve, of files and of kernels alike. */
export const IS_HEAVY = /Conv|MatMul|Gemm|Attention|LSTM|GRU|RNN|Einsum/;
/** Ops that the runtime inserts. They keep the values of their first input. */
export const COPIES: ReadonlySet<string> = new Set([
  ...['ReorderInput', 'ReorderOutput', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze'],
  ...['Cast', 'MemcpyToHost', 'MemcpyFromHost'],
]);
/** Ops that may have no effect where their other operands are constants. */
const BY_CONSTANTS = new Set(['Add', 'Sub', 'Mul', 'Div', 'Identity', 'Dropout']);
/** Ops whose results follow from shapes alone. */
const OF_SHAPES = new Set(['Shape', 'Size']);

/** Whether two lists have the same names equally often, in any order. */
const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

export class FileTensors {
  private readonly producers = new Map<string, number>();
  private readonly consumers = new Map<string, number[]>();
  private readonly constants = new Set<string>();
  private readonly inputs: ReadonlySet<string>;

  /** @param inputs names of the tensors that are given with every run */
  constructor(
    readonly nodes: readonly FileNode[],
    inputs: readonly string[],
  ) {
    this.inputs = new Set(inputs);
    nodes.forEach(({ inputs: read, outputs }, i) => {
      for (const name of outputs) if (name !== '') this.producers.set(name, i);
      for (const name of new Set(read)) {
        const known = this.consumers.get(name);
        if (known) known.push(i);
        else this.consumers.set(name, [i]);
      }
    });
    // Nodes of a file are in an order in which they can run.
    for (const { op, inputs: read, outputs } of nodes)
      if (OF_SHAPES.has(op) || read.every((name) => this.isConstant(name)))
        for (const name of outputs) this.constants.add(name);
  }

  producerIndex(tensor: string): number | undefined {
    return this.producers.get(tensor);
  }

  producer(tensor: string): FileNode | undefined {
    const index = this.producers.get(tensor);
    return index === undefined ? undefined : this.nodes[index];
  }

  readers(tensor: string): readonly number[] {
    return this.consumers.get(tensor) ?? [];
  }

  /**
   * Whether a tensor is known before anything runs: a weight, or computed from weights or shapes.
   */
  isConstant(tensor: string): boolean {
    return this.constants.has(tensor) || (!this.producers.has(tensor) && !this.inputs.has(tensor));
  }

  isConstantNode(node: number): boolean {
    return this.nodes[node]!.outputs.every((name) => this.isConstant(name));
  }

  isHeavy(node: number): boolean {
    return IS_HEAVY.test(this.nodes[node]!.op) && !this.isConstantNode(node);
  }

  isCopy(node: number): boolean {
    return COPIES.has(this.nodes[node]!.op) && !this.isConstantNode(node);
  }

  /** The tensor that this one is a copy of, through all copies of the file. */
  beforeCopies(tensor: string): string {
    let first = tensor;
    for (let i = this.producers.get(first); i !== undefined && this.isCopy(i); i = this.producers.get(first))
      first = this.nodes[i]!.inputs[0]!;
    return first;
  }

  next(tensor: string, op: string): string | undefined {
    const reader = this.readers(tensor).find((i) => this.nodes[i]!.op === op);
    return reader === undefined ? undefined : this.nodes[reader]!.outputs[0];
  }

  /**
   * The tensor, and results of arithmetic with constants on it. The runtime removes an addition of
   * 0 and a product with 1.
   */
  sameOrScaled(tensor: string): readonly string[] {
    const found = [tensor];
    for (const name of found)
      for (const i of this.readers(name)) {
        const { op, inputs, outputs } = this.nodes[i]!;
        if (BY_CONSTANTS.has(op) && inputs.every((input) => input === name || this.isConstant(input)))
          if (!found.includes(outputs[0]!)) found.push(outputs[0]!);
      }
    return found;
  }

  /** The original of a tensor, and all copies of the original. */
  private copiesOf(tensor: string): readonly string[] {
    const found = [this.beforeCopies(tensor)];
    for (const name of found)
      for (const i of this.readers(name))
        if (this.isCopy(i) && this.nodes[i]!.inputs[0] === name) found.push(this.nodes[i]!.outputs[0]!);
    return found;
  }

  /**
   * The result of the only node of this op that reads exactly these tensors. Where there is none,
   * of the only one that reads copies of them, because the runtime moves transposes.
   */
  sameOp(op: string, sources: readonly (string | undefined)[]): string | undefined {
    const known = sources.flatMap((name) => name ?? []);
    if (known.length === 0 || known.length < sources.length) return undefined;
    const alone = known.map((name) => [name]);
    const attempts = [
      () => this.readersOf(op, alone).filter((i) => isSame(this.nodes[i]!.inputs, known)),
      () => this.readersOf(op, alone),
      () => {
        const scaled = known.map((name) => this.sameOrScaled(name));
        return this.readersOf(op, scaled);
      },
      () => {
        const copies = known.filter((name) => !this.isConstant(name)).map((name) => this.copiesOf(name));
        return this.readersOf(op, copies, (name) => name !== '' && !this.isConstant(name));
      },
    ];
    for (const attempt of attempts) {
      const found = attempt();
      if (found.length > 0) return found.length === 1 ? this.nodes[found[0]!]!.outputs[0] : undefined;
    }
    return undefined;
  }

  /**
   * Nodes of an op that read one tensor of each set, and no others.
   * @param isRead which inputs of a node count as read
   */
  private readersOf(
    op: string,
    sets: readonly (readonly string[])[],
    isRead: (name: string) => boolean = () => true,
  ): readonly number[] {
    const [first = [], ...others] = sets;
    const readers = [...new Set(first.flatMap((name) => this.readers(name)))];
    return readers.filter((i) => {
      const { op: own, inputs } = this.nodes[i]!;
      const read = inputs.filter(isRead);
      return (
        own === op && read.length === sets.length && others.every((set) => set.some((name) => read.includes(name)))
      );
    });
  }

  /**
   * All nodes that lead from the sources to the ends.
   * @returns indices in order; null where the ends need more than the sources and constants
   */
  between(sources: ReadonlySet<string | undefined>, ends: readonly string[]): readonly number[] | null {
    const found = new Set<number>();
    const open = [...ends];
    for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
      if (sources.has(tensor) || tensor === '') continue;
      const node = this.producers.get(tensor);
      if (node === undefined && this.inputs.has(tensor)) return null;
      if (node === undefined || found.has(node)) continue;
      found.add(node);
      if (!OF_SHAPES.has(this.nodes[node]!.op)) open.push(...this.nodes[node]!.inputs);
    }
    return [...found].sort((a, b) => a - b);
  }
}
