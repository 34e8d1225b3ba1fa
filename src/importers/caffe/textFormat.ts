// Reads protobuf's text format as a tree of fields with their places in the file.

import { shown } from '../../document/problem.js';
import { Lexer, type Token } from './lexer.js';

/** A number as written, a quoted text, a bare word (an enum, true, inf), or a message. */
export type Written = { readonly kind: 'number' | 'text' | 'word'; readonly text: string; readonly at: number } | Tree;

export interface Tree {
  readonly kind: 'message';
  readonly fields: readonly TreeField[];
  readonly at: number;
}

export interface TreeField {
  readonly name: string;
  readonly at: number;
  readonly value: Written;
}

/** Caffe's own messages are five deep. */
const DEEPEST = 32;
/** A network of 1000 layers has about 15,000 fields. */
const MOST_FIELDS = 200_000;

/**
 * The whole text as one message. Both ways to write a message, lists in [ ] and separators are
 * read; extensions and the expanded Any are not, which no file of Caffe has.
 * @throws InputError with file, line and column
 */
export function readTextFormat(text: string, fileName: string): Tree {
  const lexer = new Lexer(text, fileName);
  let count = 0;

  function message(end: string, at: number, depth: number): Tree {
    if (depth > DEEPEST) throw lexer.error(at, `more than ${DEEPEST} levels of nesting are no network of Caffe`);
    const fields: TreeField[] = [];
    while (!isEnd(lexer.next, end)) {
      field(fields, depth);
      lexer.takeMark(',', ';');
    }
    lexer.take();
    return { kind: 'message', fields, at };
  }

  function isEnd({ kind, text: mark, at }: Token, end: string): boolean {
    if (kind === 'end') {
      if (end === '') return true;
      throw lexer.error(at, `the file ends inside of a message: ${end} is missing`);
    }
    return kind === 'mark' && mark === end;
  }

  function field(fields: TreeField[], depth: number): void {
    const name = lexer.take();
    if (name.kind !== 'name') {
      if (name.text === '}' || name.text === '>') throw lexer.error(name.at, `${name.text} closes nothing here`);
      throw lexer.error(name.at, `a field begins with its name, and here stands ${shown(name.text)}`);
    }
    const colon = lexer.takeMark(':') !== undefined;
    const add = (value: Written): void => {
      if (++count > MOST_FIELDS) throw lexer.error(value.at, `the file has more than ${MOST_FIELDS} fields`);
      fields.push({ name: name.text, at: name.at, value });
    };
    if (lexer.takeMark('[') === undefined) {
      add(value(name, colon, depth));
      return;
    }
    if (lexer.takeMark(']') !== undefined) return;
    do add(value(name, colon, depth));
    while (lexer.takeMark(',') !== undefined);
    if (lexer.takeMark(']') === undefined)
      throw lexer.error(lexer.next.at, `the list of ${name.text} goes on with a comma or ends with ]`);
  }

  function value(name: Token, colon: boolean, depth: number): Written {
    const open = lexer.takeMark('{', '<');
    if (open) return message(open.text === '{' ? '}' : '>', name.at, depth + 1);
    if (!colon) throw lexer.error(lexer.next.at, `behind ${name.text} stands a colon and a value, or a message in { }`);
    return scalar(name);
  }

  function scalar(name: Token): Written {
    const minus = lexer.takeMark('-');
    const token = lexer.take();
    const at = (minus ?? token).at;
    if (token.kind === 'number' || (minus && token.kind === 'name'))
      return { kind: token.kind === 'name' ? 'word' : 'number', text: (minus ? '-' : '') + token.text, at };
    if (minus) throw lexer.error(at, 'behind - stands a number');
    if (token.kind === 'name') return { kind: 'word', text: token.text, at };
    if (token.kind !== 'text') throw lexer.error(at, `${name.text} has no value: here stands ${shown(token.text)}`);
    // Texts that follow each other are one.
    let joined = token.text;
    while (lexer.next.kind === 'text') joined += lexer.take().text;
    return { kind: 'text', text: joined, at };
  }

  return message('', 0, 0);
}
