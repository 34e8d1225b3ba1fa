// Writes a diagram for Graphviz: stages are clusters, blocks are boxes, arrows carry shapes.

import { clusters, type Cluster } from './clusters.js';
import type { Box, Diagram } from './diagram.js';

const LOOK: Readonly<Record<Box['kind'], string>> = {
  input: 'shape=ellipse, style=solid',
  output: 'shape=ellipse, style=solid',
  ops: '',
};

/** @returns the text of a .dot file, whatever the names hold */
export function dot({ title, boxes, arrows }: Diagram): string {
  const line = (box: number, indent: string): string => {
    const { name, about, kind } = boxes[box]!;
    const look = LOOK[kind];
    const label = quoted(about === '' ? [name] : [name, about]);
    return `${indent}n${box} [label=${label}${look === '' ? '' : `, ${look}`}]`;
  };
  let count = 0;
  const inside = ({ name, members }: Cluster, indent: string): readonly string[] => [
    `${indent}subgraph cluster_${count++} {`,
    `${indent}  label=${quoted([name])}`,
    ...members.flatMap((member) =>
      typeof member === 'number' ? [line(member, `${indent}  `)] : inside(member, `${indent}  `),
    ),
    `${indent}}`,
  ];
  return [
    `digraph ${quoted([title])} {`,
    '  rankdir=TB',
    '  graph [fontname="Helvetica", fontsize=12, style="rounded", color="#b0b6be", labeljust=l, nodesep=0.3, ranksep=0.3]',
    '  node [shape=box, style="rounded,filled", fillcolor="#f4f6f8", color="#8a929c", fontname="Helvetica", fontsize=11]',
    '  edge [color="#5a626c", fontname="Helvetica", fontsize=9, fontcolor="#5a626c", arrowsize=0.6]',
    ...clusters(boxes).flatMap((member) => (typeof member === 'number' ? [line(member, '  ')] : inside(member, '  '))),
    ...arrows.map(({ from, to, shapes }) => `  n${from} -> n${to} [label=${quoted([shapes.join(', ')])}]`),
    '}',
    '',
  ].join('\n');
}

/**
 * A string of Graphviz, each part on a line of its own: escapes begin with a backslash, and it
 * reads HTML's entities.
 */
const quoted = (lines: readonly string[]): string =>
  `"${lines.map((text) => plain(text).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`;

/** One line of text that a viewer can show. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '?');
