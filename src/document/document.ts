// Parses YAML or JSON text into plain data, and keeps the line and column of every path in it.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Document, type Pair } from 'yaml';
import { InputError, together } from '../inputError.js';
import { clipped, MOST_PROBLEMS, shown, type Path, type Problem } from './problem.js';
import { DEEPEST, parseText, type Fail, type Wording } from './parseText.js';

const MOST_CHARACTERS = 5 * 1024 * 1024;
/** Each use of an alias counts. */
const MOST_VALUES = 100_000;

/** A plain value, and where it stands in the text. */
export interface TextScalar {
  readonly path: Path;
  readonly value: unknown;
  /** Offsets of its first character and behind its last. */
  readonly from: number;
  readonly to: number;
}

export interface TextDocument {
  readonly data: unknown;
  /** "file:line:column" of the value at a path, or of the nearest value that contains it. */
  place(path: Path, onKey?: boolean): string;
  /** The line alone, from 1. */
  lineOf(path: Path): number;
  /** Every plain value that stands in the text itself, in its order; aliases are left out. */
  scalars(): readonly TextScalar[];
  /** One error for all problems, in the order of the text. */
  refuse(problems: readonly Problem[]): InputError;
}

/**
 * @throws InputError with file, line and column for anything but one YAML document of plain values
 */
export function readDocument(text: string, fileName: string, wording: Wording): TextDocument {
  if (text.length > MOST_CHARACTERS)
    throw new InputError(
      `${fileName}:1:1: ${text.length} characters are more than ${wording.kind} of at most 5 MB has`,
    );
  const lines = new LineCounter();
  const fail = (offset: number, message: string): never => {
    throw new InputError(`${placeOf(offset)}: ${message}`);
  };
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  const document = parseText(text, /\.json$/i.test(fileName), lines, wording, fail);
  const { data, offsetOf } = plainData(document, fail);
  return {
    data,
    place: (path, onKey) => placeOf(offsetOf(path, onKey)),
    lineOf: (path) => lines.linePos(offsetOf(path)).line,
    scalars: () => scalarsIn(document.contents),
    refuse(problems) {
      const placed = problems.map((problem) => ({ problem, offset: offsetOf(problem.path, problem.onKey) }));
      const missing = ({ problem }: (typeof placed)[number]): number => (problem.missing === true ? 1 : 0);
      const sorted = placed.sort((a, b) => missing(a) - missing(b) || a.offset - b.offset);
      const errors = sorted.map(({ problem, offset }) => new InputError(`${placeOf(offset)}: ${problem.message}`));
      return together(errors, errors.length >= MOST_PROBLEMS);
    },
  };
}

type YamlNode = Document.Parsed['contents'];

interface Plain {
  readonly data: unknown;
  readonly offsetOf: (path: Path, onKey?: boolean) => number;
}

function scalarsIn(node: YamlNode, path: Path = []): readonly TextScalar[] {
  if (isScalar(node)) return [{ path, value: node.value, from: node.range[0], to: node.range[1] }];
  if (isSeq(node)) return node.items.flatMap((item, i) => scalarsIn(item as YamlNode, [...path, i]));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => (isScalar(key) ? scalarsIn(value, [...path, String(key.value)]) : []));
}

/**
 * The document as plain data. Aliases are resolved. Only mappings, lists and plain values are
 * accepted.
 */
function plainData(document: Document.Parsed, fail: Fail): Plain {
  const anchors = new Map<string, YamlNode>();
  const targets = new Map<unknown, YamlNode>();
  let count = 0;

  function plain(node: YamlNode, depth: number, at: number): unknown {
    const offset = node?.range[0] ?? at;
    if (++count > MOST_VALUES) fail(offset, 'the aliases of this file unfold without end: write the values out');
    if (depth > DEEPEST) fail(offset, `more than ${DEEPEST} levels of nesting: flatten it`);
    if (node === null) return null;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) return fail(offset, `the alias *${clipped(node.source)} has no anchor before it`);
      targets.set(node, target);
      return plain(target, depth + 1, offset);
    }
    if (node.tag !== undefined) fail(offset, `the tag ${clipped(node.tag)} is not supported: write a plain value`);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) return node.items.map((item) => plain(item as YamlNode, depth + 1, offset));
    if (!isMap(node)) return scalar(node.value, offset);
    const mapping: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = keyOf(pair, offset);
      const start = pair.key.range[0];
      if (Object.hasOwn(mapping, key)) fail(start, `the key ${shown(key)} stands here twice: remove one`);
      mapping[key] = plain(pair.value, depth + 1, start);
    }
    return mapping;
  }

  function scalar(value: unknown, offset: number): unknown {
    if (typeof value === 'number') return value === 0 ? 0 : value;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    return fail(offset, 'this value is neither a text, a number, true nor false');
  }

  function keyOf({ key }: Pair, offset: number): string {
    if (!isScalar(key) || typeof key.value !== 'string' || key.tag !== undefined)
      return fail(isScalar(key) ? (key.range?.[0] ?? offset) : offset, 'every key must be a plain text');
    const start = key.range?.[0] ?? offset;
    if (key.value === '<<') fail(start, 'merge keys (<<) are not supported: write the fields out');
    if (key.value === '__proto__') fail(start, 'there is no field "__proto__": remove it');
    if (key.anchor !== undefined) anchors.set(key.anchor, key as YamlNode);
    return key.value;
  }

  function offsetOf(path: Path, onKey = false): number {
    let node = document.contents;
    let offset = node?.range[0] ?? 0;
    for (const [i, step] of path.entries()) {
      while (isAlias(node)) node = targets.get(node) ?? null;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        if (!pair) return offset;
        const last = i === path.length - 1;
        node = pair.value;
        offset = (onKey && last) || !node ? pair.key.range[0] : node.range[0];
      } else if (isSeq(node)) {
        const item = node.items[Number(step)] as YamlNode | undefined;
        if (!item) return offset;
        node = item;
        offset = node.range[0];
      } else return offset;
    }
    return offset;
  }

  return { data: plain(document.contents, 0, 0), offsetOf };
}
