// Finds the flags that the user wrote. A flag without effect is refused.

import type { Command } from 'commander';
import { InputError } from '../../src/inputError.js';

/** As they are written: "--windows", "--no-ceilings". */
export type Given = readonly string[];

export const givenFlags = (command: Command): Given =>
  command.options
    .filter((option) => {
      const key = option.attributeName();
      // --measure and --no-measure are one value.
      const written = option.negate === (command.getOptionValue(key) === false);
      return written && command.getOptionValueSource(key) === 'cli';
    })
    .map(({ long }) => long!);

/** A condition, the flags without effect under it, and the end of "--x has no effect ...". */
export type WithoutEffect = readonly [applies: boolean, flags: readonly string[], when: string];

/** @throws InputError for the first flag that was given and would do nothing */
export function refuseWithoutEffect(given: Given, cases: readonly WithoutEffect[]): void {
  for (const [applies, flags, when] of cases) {
    const withoutEffect = applies ? given.find((flag) => flags.includes(flag)) : undefined;
    if (withoutEffect !== undefined) throw new InputError(`${withoutEffect} has no effect ${when}`);
  }
}

export const UNMEASURED = 'where nothing is measured: add --measure, or leave it out';
export const RECORDED = 'on runs that were measured before: leave it out, or measure again without --runs';
export const UNKNOWN_RUNS = 'on what is measured: an op that is not known cannot be run; leave it out';
