// Parses sympy's text of a size, such as `2*s53` or `FloorDiv(Symbol('s0'), Integer(2))`.

import { InputError } from '../../inputError.js';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Expression[] };

const number = (value: number): Expression => ({ kind: 'number', value });
const call = (name: string, ...parts: readonly Expression[]): Expression => ({ kind: 'call', name, parts });

const TOKEN = /\s*(?:(\d+(?:\.\d*)?)|([A-Za-z_][\w.]*)|'([^']*)'|"([^"]*)"|(\*\*|\/\/|[-+*/%(),=]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign';
  readonly text: string;
}

/** Limits against hostile files. Real sizes have a few hundred characters and a few levels. */
const LONGEST = 20_000;
const DEEPEST = 100;

/** Precedence of the operators. */
const STRENGTH: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '//': 2, '%': 2, '**': 4 };
const UNARY = 3;

const NAMES: Readonly<Record<string, string>> = {
  '+': 'Add',
  '*': 'Mul',
  '/': 'TrueDiv',
  '//': 'FloorDiv',
  '%': 'Mod',
  '**': 'Pow',
};

/** @throws InputError showing the text */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST) throw new InputError(`a size of ${text.length} signs is too long to be read`);
  const parser = new Parser(tokensOf(text), text);
  return parser.whole();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(text);
    if (!found) throw unreadable(text);
    const [, digits, name, single, double, sign] = found;
    if (digits !== undefined) tokens.push({ kind: 'number', text: digits });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'text', text: single ?? double ?? '' });
  }
  return tokens;
}

const unreadable = (text: string): InputError =>
  new InputError(`the size ${JSON.stringify(text.slice(0, 80))} is not an expression that flopscope understands`);

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  whole(): Expression {
    const result = this.expression(0);
    if (this.at < this.tokens.length) throw unreadable(this.text);
    return result;
  }

  private expression(least: number): Expression {
    if (++this.depth > DEEPEST) throw unreadable(this.text);
    let left = this.operand();
    for (;;) {
      const sign = this.tokens[this.at];
      const strength = sign?.kind === 'sign' ? STRENGTH[sign.text] : undefined;
      if (sign === undefined || strength === undefined || strength <= least) break;
      this.at++;
      // A power is right-associative: a ** b ** c is a ** (b ** c).
      const right = this.expression(sign.text === '**' ? strength - 1 : strength);
      left =
        sign.text === '-' ? call('Add', left, call('Mul', number(-1), right)) : call(NAMES[sign.text]!, left, right);
    }
    this.depth--;
    return left;
  }

  private operand(): Expression {
    const token = this.tokens[this.at++];
    if (token?.kind === 'number') return number(Number(token.text));
    if (token?.kind === 'name') return this.is('(') ? this.called(token.text) : named(token.text);
    if (token?.text === '-' && token.kind === 'sign') return call('Mul', number(-1), this.expression(UNARY));
    if (token?.text !== '(' || token.kind !== 'sign') throw unreadable(this.text);
    const inner = this.expression(0);
    this.expect(')');
    return inner;
  }

  private called(name: string): Expression {
    this.expect('(');
    if (name === 'Symbol') return this.symbol();
    const parts: Expression[] = [];
    while (!this.is(')')) {
      // Assumptions such as positive=True say nothing about a value.
      if (this.tokens[this.at]?.kind === 'name' && this.tokens[this.at + 1]?.text === '=') this.at += 3;
      else parts.push(this.expression(0));
      if (!this.is(')')) this.expect(',');
    }
    this.expect(')');
    const [only] = parts;
    return ['Integer', 'Float', 'Identity'].includes(name) && only && parts.length === 1 ? only : call(name, ...parts);
  }

  private symbol(): Expression {
    const name = this.tokens[this.at++];
    if (name?.kind !== 'text') throw unreadable(this.text);
    while (!this.is(')')) if (this.tokens[this.at++] === undefined) throw unreadable(this.text);
    this.expect(')');
    return { kind: 'symbol', name: name.text };
  }

  private is(sign: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'sign' && token.text === sign;
  }

  private expect(sign: string): void {
    if (!this.is(sign)) throw unreadable(this.text);
    this.at++;
  }
}

const named = (name: string): Expression => ({ kind: 'symbol', name });

/** The symbols of an expression, each once. */
export function symbolsIn(expression: Expression, found = new Set<string>()): ReadonlySet<string> {
  if (expression.kind === 'symbol') found.add(expression.name);
  if (expression.kind === 'call') for (const part of expression.parts) symbolsIn(part, found);
  return found;
}
