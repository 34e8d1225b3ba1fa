// Collects the calls that are left out, by op and reason, and how many depend on them.

import type { Omission } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';

export class Omissions {
  /** Calls that are known, and read what is left out without a known shape. */
  behind = 0;
  private readonly groups = new Map<string, { readonly op: string; readonly why?: string; readonly names: string[] }>();

  /** @param why for a known op in a form that is not counted */
  add(op: string, name: string, why?: string): void {
    const key = JSON.stringify([op, why]);
    const known = this.groups.get(key);
    if (known) known.names.push(name);
    else this.groups.set(key, { op, names: [name], ...(why === undefined ? {} : { why }) });
  }

  /** Undefined where everything is counted. */
  get omission(): Omission | undefined {
    if (this.groups.size === 0) return undefined;
    const ops = [...this.groups.values()].map(({ op, why, names }) => ({
      ...{ op, nodes: names.length, first: names[0]! },
      ...(why === undefined ? {} : { why }),
    }));
    return { ops, behind: this.behind };
  }
}

/** One call of an op that has no row. */
export interface UnknownCall {
  readonly op: string;
  readonly name: string;
}

/**
 * @throws InputError that lists every unknown op, with how many calls it has and the name of the
 * first
 */
export function demandNone(unknown: readonly UnknownCall[], noun: 'node' | 'layer' | 'operator' | 'section'): void {
  if (unknown.length === 0) return;
  const byOp = new Map<string, UnknownCall[]>();
  for (const call of unknown) byOp.set(call.op, [...(byOp.get(call.op) ?? []), call]);
  const listed = [...byOp].map(
    ([op, calls]) => `${shown(op).slice(1, -1)} (${calls.length}x, first ${noun} ${shown(calls[0]!.name)})`,
  );
  throw new InputError(`flopscope does not know ${listed.join(', ')}`, undefined, 'allowUnknown');
}
