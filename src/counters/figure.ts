// Reads a printed figure as an interval of counts, since its last digit was rounded.

import { InputError } from '../inputError.js';

export interface PrintedFigure {
  /** As it was given, without spaces around it. */
  readonly text: string;
  readonly value: number;
  /** Counts that a tool would round to it, both ends included. */
  readonly low: number;
  readonly high: number;
  /** Its digits without unit, as a tool would print them: "2.87". */
  readonly digits: string;
  /** What its unit says that it counts. */
  readonly word: 'multAdds' | 'operations' | 'params' | 'activations' | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 0,
  k: 3,
  thousand: 3,
  m: 6,
  million: 6,
  g: 9,
  b: 9,
  bn: 9,
  billion: 9,
  t: 12,
  trillion: 12,
};

/** The word GFLOPs decides nothing: most tools use it for multiply-adds. */
const WORDS: readonly (readonly [pattern: RegExp, word: PrintedFigure['word']])[] = [
  [/^(macs?|macc|madds?|mult-?adds?|multiply-adds?|multiply-accumulates?)$/, 'multAdds'],
  [/^(flops?|ops|operations)$/, 'operations'],
  [/^(params?|parameters?)$/, 'params'],
  [/^(acts?|activations?)$/, 'activations'],
  [/^$/, undefined],
];

const FIGURE =
  /^([\d,_]*\d\.?\d*|\.\d+)(?:e\+?(\d{1,2}))?\s*(k|thousand|million|m|g|billion|bn|b|trillion|t|)[ ]?([a-z-]*)$/i;
/** "Total BFLOPS 128.459", as AlexeyAB's Darknet prints it. */
const UNIT_FIRST = /^total\s+([kmgbt]flops)\s+([\d.]+)$/i;
/** "Total params: 8,062,504 (30.76 MB)", as Keras prints it. */
const KERAS = /^total params:\s*([\d,]+)(?:\s*\(.*\))?$/i;
const EXAMPLES = '2.87G, 5.67 GFLOPs, 4089184256 or 25.6M';

/**
 * Below this a figure without a unit stands for billions or millions, as a table of results has
 * them.
 */
const BARE = 10_000;

/**
 * Reads "2.87G", "5.67 GFLOPs", "4,089,184,256", "25.6 M params", "4.09e9"; "4.11" may be billions
 * or millions.
 * @returns each figure that it may be
 * @throws InputError for what is no positive figure of that kind
 */
export function readFigures(given: string): readonly [PrintedFigure, ...PrintedFigure[]] {
  const text = given.trim();
  const refuse = (why: string): InputError => new InputError(`--given ${text} ${why}: write it as in ${EXAMPLES}`);
  const parts = splitUnit(text);
  if (!parts) throw refuse('is not a number');
  const { number, exponent, unit, word } = parts;
  if (/[,_]/.test(number) && !/^\d{1,3}([,_]\d{3})+(\.\d*)?$/.test(number))
    throw refuse('groups its digits in no known way (a decimal comma is a point here)');
  const digits = number.replaceAll(/[,_]/g, '');
  if (!(Number(digits) > 0)) throw refuse('is not positive');
  if (!(Number(digits) * 10 ** (exponent + unit) < 2 ** 53))
    throw refuse('is larger than any count that flopscope makes');
  const figure = (power: number): PrintedFigure => ({ text, digits, word, ...interval(digits, power) });
  const bare = unit === 0 && exponent === 0 && Number(digits) < BARE;
  return bare ? [figure(9), figure(6)] : [figure(exponent + unit)];
}

/** The counts that round to the digits: half of the last digit's unit on each side. */
function interval(digits: string, exponent: number): Pick<PrintedFigure, 'value' | 'low' | 'high'> {
  const [whole = '', decimals = ''] = digits.split('.');
  // 4100000000 may be rounded at any of its zeros. 300M is exact to its last digit.
  const zeros = exponent === 0 && decimals === '' ? /0*$/.exec(whole)![0].length : 0;
  const steps = Number(whole + decimals) / 10 ** zeros;
  const power = exponent - decimals.length + zeros;
  const at = (halves: number): number => (power < 0 ? halves / 10 ** -power / 2 : (halves * 10 ** power) / 2);
  return { value: at(2 * steps), low: at(2 * steps - 1), high: at(2 * steps + 1) };
}

interface Parts {
  readonly number: string;
  readonly exponent: number;
  readonly unit: number;
  readonly word: PrintedFigure['word'];
}

/**
 * "25.6 MACs" are multiply-accumulates, not a million of something: the word is tried without a
 * unit first.
 */
function splitUnit(text: string): Parts | undefined {
  const found = FIGURE.exec(text.replace(UNIT_FIRST, '$2 $1').replace(KERAS, '$1 params'));
  if (!found) return undefined;
  const [, number = '', exponent = '0', unit = '', rest = ''] = found;
  for (const [size, name] of [
    ['', unit + rest],
    [unit, rest],
  ] as const) {
    const row = WORDS.find(([pattern]) => pattern.test(name.toLowerCase()));
    if (row) return { number, exponent: Number(exponent), unit: UNITS[size.toLowerCase()]!, word: row[1] };
  }
  return undefined;
}

/** Was a count rounded to the figure, or its digits cut, as papers do? Undefined for neither. */
export function fit({ value, low, high }: PrintedFigure, count: number): 'rounded' | 'cut' | undefined {
  if (count >= low && count <= high) return 'rounded';
  return count > value && count < value + (high - low) ? 'cut' : undefined;
}
