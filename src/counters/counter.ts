// The description of a counter: what it hooks, what it counts, and how it prints a total.

import type { CallName } from './call.js';
import type { Executed } from './executed.js';
import type { Quantity } from './quantity.js';

/** `times` operations for each of `of`; a function where they depend on the node. */
export interface Rule {
  readonly times: number | ((node: Executed) => number);
  readonly of: Quantity;
}

export const rule = (times: Rule['times'], of: Quantity): Rule => ({ times, of });

/** Stands for every module that holds no others and has no rule of its own. */
export const ANY_LEAF = '*';

/** Rules by what is hooked: "nn.ReLU", "F.relu", "relu_". */
export type Rules = Readonly<Record<string, readonly Rule[]>>;

/** Rules by the plain call of a node, whatever code runs it. */
export type NodeRules = Readonly<Partial<Record<CallName, readonly Rule[]>>>;

/** What a counter hooks. With two kinds of hooks it counts an op twice if both see it. */
export interface Hooks {
  /** Module classes, exact: a subclass is another class. */
  readonly modules?: Rules;
  /** Functions of torch.nn.functional, inside modules too, and operators by their code: "x @ y". */
  readonly functions?: Rules;
  /** Ops of a trace (aten). */
  readonly trace?: Rules;
  /** Rules by what a node is, of counters that read the graph of another framework. */
  readonly nodes?: NodeRules;
  /** Rules for every node, of counters outside PyTorch. */
  readonly every?: readonly Rule[];
}

export interface Counter {
  /** What --counter takes. */
  readonly name: string;
  readonly title: string;
  /**
   * `operations` start from 2 for each multiply-add; they are compared with the multiply-adds too.
   */
  readonly measures: 'multAdds' | 'operations' | 'activations' | 'params';
  /** What it counts, in a few words and in one sentence. */
  readonly brief: string;
  readonly says: string;
  /** The source of this: version and files, or paper. */
  readonly source: string;
  readonly hooks: Hooks;
  /** Hooked without a cost: the counter knows these as free. */
  readonly free?: readonly string[];
  /** Its warning about all else; absent if none. `when` names the flag that it needs. */
  readonly warns?: { readonly when?: string; text(what: string, times: number): string };
  /** It makes its own input of one image, or publishes counts of one. */
  readonly oneImage?: true;
  print(total: number): string;
}
