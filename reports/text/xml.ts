// Writes XML: elements as plain data, names and texts escaped, indented by their depth.

import { visible } from '../../src/visible.js';

export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Elements, or one text. */
  readonly inside?: readonly XmlElement[] | string;
}

/** The root with its declaration. */
export const xml = (root: XmlElement): string => `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;

function written({ name, attributes = {}, inside = [] }: XmlElement, indent: string): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(plain(String(value)))}"`);
  const open = `${indent}<${name}${given.join('')}`;
  if (inside.length === 0) return `${open}/>`;
  if (typeof inside === 'string') return `${open}>${escaped(inside.split('\n').map(plain).join('\n'))}</${name}>`;
  return [`${open}>`, ...inside.map((child) => written(child, `${indent}  `)), `${indent}</${name}>`].join('\n');
}

/** XML 1.0 has no way to write some characters. */
const plain = (text: string): string =>
  visible(text).replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter]!);
