// Combines --detector and --backbone into models, each as if written DETECTOR@BACKBONE.

import { InputError } from '../../src/inputError.js';

export interface DetectorFlags {
  readonly detector?: string;
  readonly backbone?: readonly string[];
}

/** @throws InputError for one of the two without the other */
export function namesWith(models: readonly string[], { detector, backbone }: DetectorFlags): readonly string[] {
  if (detector === undefined) {
    if (backbone === undefined) return models;
    throw new InputError('--backbone names what a detector stands on: add --detector, or name the models without it');
  }
  const backbones = [...models, ...(backbone ?? [])];
  if (backbones.length === 0)
    throw new InputError(`--detector ${detector} stands on a backbone: name one, as in --backbone resnet50`);
  return backbones.map((name) => `${detector}@${name}`);
}

/** @throws InputError unless there is exactly one */
export function nameWith(model: string | undefined, flags: DetectorFlags): string {
  const [first, ...rest] = namesWith(model === undefined ? [] : [model], flags);
  if (first === undefined || rest.length > 0)
    throw new InputError('name one model, as flopscope list shows them, or a detector and its backbone');
  return first;
}
