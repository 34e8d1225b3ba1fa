// Parses one YAML or JSON document within limits of length and depth, or reports the first error.

import { Composer, Lexer, Parser, type Document, type LineCounter, type YAMLParseError } from 'yaml';
import { clipped } from './problem.js';

/** A config has a few hundred words. A text beyond this limit would take minutes to compose. */
const MOST_LEXEMES = 500_000;
/** Levels of nested lists and mappings. */
export const DEEPEST = 64;

/** Refuses the text at an offset. */
export type Fail = (offset: number, message: string) => never;

/** What error messages call the text. */
export interface Wording {
  /** "a config". */
  readonly kind: string;
  /** The advice for an empty text: "name a family, or list layers". */
  readonly start: string;
}

/** Checks the depth token by token, before the recursive composer sees the text. */
export function parseText(
  text: string,
  json: boolean,
  lines: LineCounter,
  { kind, start }: Wording,
  fail: Fail,
): Document.Parsed {
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let count = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (++count > MOST_LEXEMES) fail(parser.offset, `the file goes on past what ${kind} can say: shorten it`);
    // The parser's stack has about two entries for each level.
    if (parser.stack.length > 2 * DEEPEST) fail(parser.offset, `more than ${DEEPEST} levels of nesting: flatten it`);
  }
  tokens.push(...parser.end());
  // Duplicate keys are found in plainData: the composer compares each key with all others.
  const options = { prettyErrors: false, logLevel: 'silent', uniqueKeys: false, version: '1.2' } as const;
  const [document, second] = new Composer(options).compose(tokens, true, text.length);
  if (!document) return fail(0, `the file is empty: ${start}`);
  if (second) fail(second.range[0], `${kind} is one document: remove the --- and what follows`);
  const [error] = document.errors;
  if (error) fail(...(json ? jsonError(text, error.pos[0]) : yamlError(error)));
  if (document.directives.yaml.explicit === true) fail(0, `${kind} has no directives: remove the %YAML line`);
  return document;
}

const yamlError = ({ message, pos }: Pick<YAMLParseError, 'message' | 'pos'>): readonly [number, string] => [
  pos[0],
  `this is not valid YAML: ${clipped(message.replaceAll(/\s+/g, ' '), 160)}`,
];

/**
 * The YAML parser's messages name block collections. For a JSON text they are put in JSON's terms.
 */
function jsonError(text: string, offset: number): readonly [number, string] {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, what, at] = /^(.*) in JSON at position (\d+)/.exec((error as Error).message) ?? [];
    if (what !== undefined) return [Number(at), `this is not valid JSON: ${clipped(what, 160)}`];
  }
  return [offset, 'this is not valid JSON: look for a missing comma, quote or bracket'];
}
