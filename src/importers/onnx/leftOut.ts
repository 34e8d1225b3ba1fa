// What of a file is left out? Nodes by op and reason, in the order in which they are met, and how many stand behind them.

import type { Omission } from '../../graph.js';
import { fullOp } from './known.js';
import type { OnnxNode } from './messages.js';
import { nameOf } from './title.js';

/** Nodes of one op, left out for one reason. */
interface Group {
  readonly op: string;
  readonly why: string | undefined;
  readonly nodes: OnnxNode[];
}

export class LeftOut {
  /** Nodes that are known, and read what those make that are not. */
  behind = 0;
  private readonly groups = new Map<string, Group>();

  /** @param why of a known op in a form that is not counted */
  add(node: OnnxNode, why: string | undefined): void {
    const op = fullOp(node);
    const key = JSON.stringify([op, why]);
    const known = this.groups.get(key);
    if (known) known.nodes.push(node);
    else this.groups.set(key, { op, why, nodes: [node] });
  }

  /** Undefined where all is counted. */
  get omission(): Omission | undefined {
    if (this.groups.size === 0) return undefined;
    const ops = [...this.groups.values()].map(({ op, why, nodes }) => ({
      ...{ op, nodes: nodes.length, first: nameOf(nodes[0]!) },
      ...(why === undefined ? {} : { why }),
    }));
    return { ops, behind: this.behind };
  }
}
