// One section of a Darknet .cfg: its options with their lines, each checked where it is asked for.

import { InputError } from '../../inputError.js';
import { clipped, shown } from '../../document/problem.js';

export interface Option {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Sides and channels of real networks are far below; past this a product of two of them may not be
 * exact.
 */
const MOST = 2 ** 31 - 1;

/** What C's atoi takes whole: an integer, with zeros behind a point and with a comment at most. */
const INTEGER = /^([+-]?\d+)(?:\.0*)?(?:[#;].*)?$/;
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)f?(?:[#;].*)?$/i;

/** `[convolutional]` and what stands below it, up to the next section. */
export class Section {
  constructor(
    /** "convolutional", as the file has it. */
    readonly type: string,
    readonly line: number,
    /** The first option of a key counts, as Darknet takes it. */
    private readonly options: ReadonlyMap<string, Option>,
    private readonly fileName: string,
  ) {}

  has(key: string): boolean {
    return this.options.has(key);
  }

  /** @throws InputError for anything but a whole number from `least` up */
  integer(key: string, fallback: number, least = -MOST): number {
    const option = this.options.get(key);
    if (option === undefined) return fallback;
    const value = Number(INTEGER.exec(option.value)?.[1]);
    if (Number.isSafeInteger(value) && value >= least && value <= MOST) return value;
    return this.refuse(key, least === -MOST ? 'a whole number' : `a whole number from ${least} up`);
  }

  /** 1 is yes; any other number than 0 is, as in C. */
  flag(key: string): boolean {
    return this.integer(key, 0) !== 0;
  }

  real(key: string, fallback: number): number {
    const option = this.options.get(key);
    if (option === undefined) return fallback;
    const value = Number(NUMBER.exec(option.value)?.[1] ?? NaN);
    return Number.isFinite(value) ? value : this.refuse(key, 'a number');
  }

  text(key: string, fallback: string): string {
    return this.options.get(key)?.value ?? fallback;
  }

  /** Whole numbers separated by commas. @throws InputError where there is none */
  integers(key: string): readonly number[] {
    const option = this.options.get(key);
    if (option === undefined) throw new InputError(`it has no ${key}: give the numbers of the layers that it reads`);
    const texts = option.value.replace(/[#;].*$/, '').split(',');
    // Darknet reads nothing behind a last comma.
    if (texts.length > 1 && texts.at(-1) === '') texts.pop();
    return texts.map((text) => {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(value) && Math.abs(value) <= MOST ? value : this.refuse(key, 'whole numbers');
    });
  }

  /** "file:line", to begin a message with. */
  get place(): string {
    return `${this.fileName}:${this.line}`;
  }

  /** @throws InputError that says where the option stands */
  refuse(key: string, phrase: string): never {
    const { value = '', line = this.line } = this.options.get(key) ?? {};
    throw new InputError(`${key} must be ${phrase}, not ${shown(clipped(value, 60))}${behind(line)}`, key);
  }

  /** ", in line 12", where an option stands. */
  lineOf(key: string): string {
    return behind(this.options.get(key)?.line ?? this.line);
  }
}

const behind = (line: number): string => `, in line ${line}`;
