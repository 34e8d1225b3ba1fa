// Splits protobuf's text format into names, numbers, quoted texts and marks, with places.

import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { clipped, shown } from '../../document/problem.js';

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'end';
  /** What stands there; of a quoted text what it means. */
  readonly text: string;
  /** Where it begins, in characters from the start of the file. */
  readonly at: number;
}

const BLANK = /[\s\uFEFF]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)/y;
const MARKS: ReadonlySet<string> = new Set(['{', '}', '<', '>', '[', ']', ':', ',', ';', '-']);
const LONGEST_TEXT = 100_000;

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' },
  ...{ '\\': '\\', '?': '?', "'": "'", '"': '"' },
};
const CODE = /x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y;

export class Lexer {
  private at = 0;
  /** The next token, not yet consumed. */
  next: Token;

  constructor(
    private readonly source: string,
    private readonly fileName: string,
  ) {
    this.next = this.read();
  }

  take(): Token {
    const token = this.next;
    this.next = this.read();
    return token;
  }

  takeMark(...marks: readonly string[]): Token | undefined {
    return this.next.kind === 'mark' && marks.includes(this.next.text) ? this.take() : undefined;
  }

  /** An error at a place of the text. */
  error(at: number, sentence: string): InputError {
    return new InputError(`${placeOf(this.source, at, this.fileName)}: ${sentence}`);
  }

  private read(): Token {
    const { source } = this;
    this.skipBlanks();
    const at = this.at;
    const first = source[at];
    if (first === undefined) return { kind: 'end', text: 'the end of the file', at };
    if (first === '"' || first === "'") return { kind: 'text', text: this.quoted(first), at };
    const name = matched(NAME, source, at);
    if (name !== '') return this.taken('name', name);
    const number = matched(NUMBER, source, at);
    if (number !== '') {
      const behind = source[at + number.length];
      if (behind !== undefined && /[\w.]/.test(behind))
        throw this.error(at, `${shown(source.slice(at, at + number.length + 1))}... is not a number`);
      return this.taken('number', number);
    }
    if (MARKS.has(first)) return this.taken('mark', first);
    if (first === '/') throw this.error(at, 'comments begin with #, and / begins nothing');
    throw this.error(at, `${shown(first)} is no part of a prototxt`);
  }

  /** Blanks, and comments up to the end of their line. */
  private skipBlanks(): void {
    for (;;) {
      this.at += matched(BLANK, this.source, this.at).length;
      if (this.source[this.at] !== '#') return;
      const end = this.source.indexOf('\n', this.at);
      this.at = end < 0 ? this.source.length : end;
    }
  }

  private taken(kind: Token['kind'], text: string): Token {
    const token = { kind, text, at: this.at };
    this.at += text.length;
    return token;
  }

  /** Up to the same quote, escapes as in C; a line may not end inside. */
  private quoted(quote: string): string {
    const { source } = this;
    const start = this.at++;
    let text = '';
    for (;;) {
      const char = source[this.at++];
      if (char === quote) return text;
      if (char === undefined || char === '\n')
        throw this.error(start, `the text ${shown(clipped(text, 40))} has no closing ${quote}`);
      text += char === '\\' ? this.escaped() : char;
      if (text.length > LONGEST_TEXT) throw this.error(start, `a text of more than ${LONGEST_TEXT} characters`);
    }
  }

  private escaped(): string {
    CODE.lastIndex = this.at;
    const code = CODE.exec(this.source);
    if (code) {
      this.at += code[0].length;
      const value = code[2] === undefined ? parseInt(code[1] ?? code[3] ?? code[4]!, 16) : parseInt(code[2], 8);
      if (value <= 0x10ffff) return String.fromCodePoint(value);
    }
    const char = this.source[this.at++] ?? '';
    const plain = lookup(ESCAPES, char);
    if (plain === undefined)
      throw this.error(this.at - 2, `there is no escape \\${shown(char).slice(1, -1)} in a text`);
    return plain;
  }
}

function matched(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}

/** "file:line:column", both from 1. */
export function placeOf(source: string, at: number, fileName: string): string {
  let [line, start] = [1, 0];
  for (let end = source.indexOf('\n'); end >= 0 && end < at; end = source.indexOf('\n', end + 1))
    [line, start] = [line + 1, end + 1];
  return `${fileName}:${line}:${at - start + 1}`;
}
