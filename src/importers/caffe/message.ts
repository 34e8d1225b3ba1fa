// Checks the fields of a prototxt message against the types that the schema gives them.

import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { shown } from '../../document/problem.js';
import { MESSAGES, type Enum, type FieldType, type MessageName } from './schema.js';
import type { Tree, Written } from './textFormat.js';

type Value = number | boolean | string | Message;

/** The largest number of a size; past it a product of two may not be exact. */
const MOST = 2 ** 31 - 1;

export class Message {
  constructor(
    private readonly values: ReadonlyMap<string, readonly Value[]>,
    /** Where it stands in the text. */
    readonly at: number,
  ) {}

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.values.has(name));
  }

  numbers(name: string): readonly number[] {
    return (this.values.get(name) ?? []) as readonly number[];
  }

  number<T = number>(name: string, fallback: T): number | T {
    return this.numbers(name)[0] ?? fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    return (this.values.get(name)?.[0] as boolean | undefined) ?? fallback;
  }

  texts(name: string): readonly string[] {
    return (this.values.get(name) ?? []) as readonly string[];
  }

  /** A text, or the name of an enum's value. */
  text<T = string>(name: string, fallback: T): string | T {
    return this.texts(name)[0] ?? fallback;
  }

  messages(name: string): readonly Message[] {
    return (this.values.get(name) ?? []) as readonly Message[];
  }

  /** An empty one where the file has none. */
  message(name: string): Message {
    return this.messages(name)[0] ?? new Message(new Map(), this.at);
  }
}

/** @param error makes an error at a place of the text */
export function checked(tree: Tree, type: MessageName, error: (at: number, sentence: string) => InputError): Message {
  const { fields, strict } = MESSAGES[type];
  const values = new Map<string, Value[]>();
  for (const { name, at, value } of tree.fields) {
    const field = lookup(fields, name);
    if (field === undefined) {
      if (strict) throw error(at, `flopscope does not know the field ${name} here, which may change a shape`);
      continue;
    }
    const repeated = typeof field === 'string' && field.endsWith('*');
    const known = values.get(name);
    if (known && !repeated) throw error(at, `${name} is given twice: give it once`);
    const found = valueOf(name, field, value, error);
    if (known) known.push(found);
    else values.set(name, [found]);
  }
  return new Message(values, tree.at);
}

type Fail = (at: number, sentence: string) => InputError;

function valueOf(name: string, field: FieldType, value: Written, error: Fail): Value {
  const wrong = (phrase: string): InputError =>
    error(value.at, `${name} is ${phrase}, not ${value.kind === 'message' ? 'a message' : shown(value.text)}`);
  if (typeof field !== 'string') return choiceOf(field, value) ?? raise(wrong(`one of ${field.names.join(', ')}`));
  const type = field.replace('*', '');
  if (type in MESSAGES) {
    if (value.kind !== 'message') throw wrong('a message in { }');
    return checked(value, type as MessageName, error);
  }
  if (value.kind === 'message') throw wrong('a value');
  switch (type) {
    case 'text':
      // A type of V1 is a bare word; the reader of layers tells them apart.
      if (value.kind === 'text' || (name === 'type' && value.kind === 'word')) return value.text;
      throw wrong('a text in quotes');
    case 'bool':
      return boolOf(value.text, value.kind) ?? raise(wrong('true or false'));
    case 'float':
      return floatOf(value.text, value.kind) ?? raise(wrong('a number'));
    default: {
      const number = value.kind === 'number' ? integerOf(value.text) : undefined;
      if (number === undefined || (type === 'uint' && number < 0))
        throw wrong(type === 'uint' ? 'a whole number from 0 up' : 'a whole number');
      if (Math.abs(number) > MOST) throw wrong(`at most ${MOST}`);
      return number;
    }
  }
}

function choiceOf({ first, names }: Enum, value: Written): string | undefined {
  if (value.kind === 'word') return names.includes(value.text) ? value.text : undefined;
  const number = value.kind === 'number' ? integerOf(value.text) : undefined;
  return number === undefined ? undefined : names[number - first];
}

/** Decimal, 0x10 or 010. */
function integerOf(text: string): number | undefined {
  const [, sign, hex, octal, decimal] = /^(-?)(?:0[xX]([0-9A-Fa-f]+)|0([0-7]+)|(0|[1-9]\d*))$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const size = hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : Number(decimal);
  return sign === '-' && size !== 0 ? -size : size;
}

function boolOf(text: string, kind: Written['kind']): boolean | undefined {
  if (kind === 'text') return undefined;
  if (['true', 'True', 't', '1'].includes(text)) return true;
  return ['false', 'False', 'f', '0'].includes(text) ? false : undefined;
}

/**
 * `inf` and `nan` are numbers of the format too, which nothing here can use: they are left to who
 * asks.
 */
function floatOf(text: string, kind: Written['kind']): number | undefined {
  if (kind === 'word') {
    if (/^-?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
    return /^-?nan$/i.test(text) ? NaN : undefined;
  }
  if (kind !== 'number') return undefined;
  return Number(/^-?0[xX]/.test(text) ? text : text.replace(/[fF]$/, ''));
}

function raise(error: InputError): never {
  throw error;
}
