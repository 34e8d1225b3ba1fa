// The texts by which help and the manual show the choices of an option.

import type { Option } from 'commander';

const SHOWN = new WeakMap<Option, readonly string[]>();

/** @param texts one for each choice, in their order */
export function showChoices(option: Option, texts: readonly string[]): void {
  SHOWN.set(option, texts);
}

/** undefined where any value is taken. */
export const choicesShown = (option: Option): readonly string[] | undefined => SHOWN.get(option) ?? option.argChoices;
