// An exported program of PyTorch as plain checked data.

import type { Expression } from './expression.js';

/** A size of a tensor: a number, or an expression of symbols. */
export type Size = number | Expression;

export interface Tensor {
  readonly sizes: readonly Size[];
  /** "float32", "int64", ... */
  readonly type: string;
  /** Whether the program says that it takes no gradient (`requires_grad`). */
  readonly isFixed: boolean;
}

/** An item of a list of sizes: a number, or the name of a value that the program computes. */
export type Item = number | { readonly name: string };

/** The arguments and results of a node. */
export type Argument =
  | { readonly kind: 'none' }
  | { readonly kind: 'tensor'; readonly name: string }
  /** Undefined stands for an optional tensor that is absent. */
  | { readonly kind: 'tensors'; readonly names: readonly (string | undefined)[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  /** A number that the program computes of shapes. */
  | { readonly kind: 'computed'; readonly name: string }
  | { readonly kind: 'numbers'; readonly items: readonly Item[] }
  | { readonly kind: 'flags'; readonly values: readonly boolean[] }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'graph'; readonly graph: Operations }
  /** Devices, layouts and other things that change no count. */
  | { readonly kind: 'other' };

/** A module in whose forward an op was called. */
export interface Frame {
  /**
   * One key for each call of a module: "L__self__features.0", and "L__self__head@1" for a second
   * call.
   */
  readonly key: string;
  readonly path: string;
  /** "torch.nn.modules.conv.Conv2d" */
  readonly className: string;
}

export interface Operation {
  /**
   * "aten.conv2d", "aten.add_.Tensor", "_operator.mul": without "torch.ops." and a plain
   * ".default".
   */
  readonly target: string;
  readonly inputs: ReadonlyMap<string, Argument>;
  readonly outputs: readonly Argument[];
  /** Modules from the outermost one, the network, to the one that called the op. */
  readonly stack: readonly Frame[];
  /**
   * The function that was called and the number of its call: "conv2d_1", "function.relu"; "" where
   * it is not known.
   */
  readonly call: string;
  readonly calledAs: string;
}

export interface Operations {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  readonly operations: readonly Operation[];
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Numbers that are computed of shapes. */
  readonly numbers: ReadonlyMap<string, Size>;
}

export interface StoredTensor {
  /** "features.0.weight" */
  readonly path: string;
  readonly kind: 'parameter' | 'buffer' | 'constant';
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface Program extends Operations {
  /** What the network holds, by the name of the tensor in the program. */
  readonly stored: ReadonlyMap<string, StoredTensor>;
  /** Names of the tensors that a user gives and gets. */
  readonly given: readonly string[];
  readonly results: readonly Argument[];
  readonly ranges: ReadonlyMap<string, Range>;
  /** What each symbol was in the example that the network was exported with. */
  readonly hints: ReadonlyMap<string, number>;
  /** Paths of all modules. */
  readonly modules: readonly string[];
}
