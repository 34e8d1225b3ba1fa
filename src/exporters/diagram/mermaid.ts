// Writes a diagram as a Mermaid flowchart: stages are subgraphs, blocks nodes, links carry shapes.

import { clusters, type Cluster } from './clusters.js';
import type { Box, Diagram } from './diagram.js';

const BRACKETS: Readonly<Record<Box['kind'], readonly [string, string]>> = {
  input: ['([', '])'],
  output: ['([', '])'],
  ops: ['[', ']'],
};

/** The greatest number of characters in Mermaid's default settings. */
export const MOST_LINKS = 500;
export const MOST_CHARACTERS = 50_000;

/** @returns the text of a .mmd file, whatever the names hold */
export function mermaid({ title, boxes, arrows }: Diagram): string {
  const line = (box: number, indent: string): string => {
    const { name, about, kind } = boxes[box]!;
    const [open, close] = BRACKETS[kind];
    return `${indent}n${box}${open}"${about === '' ? escaped(name) : `${escaped(name)}<br/>${escaped(about)}`}"${close}`;
  };
  let count = 0;
  const inside = ({ name, members }: Cluster, indent: string): readonly string[] => [
    `${indent}subgraph s${count++}["${escaped(name)}"]`,
    ...members.flatMap((member) =>
      typeof member === 'number' ? [line(member, `${indent}  `)] : inside(member, `${indent}  `),
    ),
    `${indent}end`,
  ];
  return [
    '---',
    `title: ${JSON.stringify(plain(title))}`,
    '---',
    'flowchart TB',
    ...clusters(boxes).flatMap((member) => (typeof member === 'number' ? [line(member, '  ')] : inside(member, '  '))),
    ...arrows.map(({ from, to, shapes }) => `  n${from} -->|"${escaped(shapes.join(', '))}"| n${to}`),
    '',
  ].join('\n');
}

/**
 * Mermaid reads HTML and lists in a label: all but letters, digits and harmless signs is written by
 * its number.
 */
const escaped = (text: string): string =>
  plain(text).replaceAll(/[.-](?= )|[^\p{L}\p{M}\p{N} _.,:/-]/gu, (sign) => `#${sign.codePointAt(0)!};`);

/** One line of text that a viewer can show. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '?');
