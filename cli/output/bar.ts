// The interfaces of progress: for the work that reports it, and for what draws it.

import type { Progress } from '../../src/measure/windows.js';

export interface Bar {
  /** Corrects the number of parts. */
  parts(number: number): void;
  /**
   * Begins the next part of the work.
   * @param expected its length and that of its phases; without it all parts and phases are alike
   */
  part(name: string, expected?: Expected): Progress;
  /** Prints a message between two states of the bar. */
  say(text: string): void;
  stop(): void;
}

/** Seconds that work probably takes. */
export interface Expected {
  readonly whole: number;
  /** Seconds of the parts that follow this one. */
  readonly after: number;
  /** Where each phase begins and ends within the part. */
  readonly phases: Readonly<Record<string, readonly [from: number, to: number]>>;
}

/** What a bar or a line shows. */
export interface Shown {
  /** From 0 to 1; it never falls. */
  readonly done: number;
  readonly name: string;
  /** Expected seconds of the work done and of the rest, where they are known. */
  readonly expected?: { readonly done: number; readonly left: number } | undefined;
  /** Empty before the first one of a part. */
  readonly phase: string;
  /** The network that the phase is about, where it is about one. */
  readonly network?: string | undefined;
}

/** Draws the progress of the work. */
export interface Drawing {
  /** A part begins. */
  begin(shown: Shown): void;
  /** Called at every step, which may be often. */
  show(shown: Shown): void;
  say(text: string): void;
  stop(): void;
}

/** "" where a phase is about no single network. */
export const ofNetwork = (network: string | undefined): string => (network === undefined ? '' : ` of ${network}`);
