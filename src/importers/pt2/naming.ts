// Names nodes by the module paths of an exported program, and parameters by their own paths.

import { PathNaming } from '../kit/naming.js';
import type { Program } from './program.js';
import type { TorchCall } from './torchCall.js';

/** The module that called the op; undefined where the program does not say. */
export function moduleOf({ operation: { stack } }: TorchCall): readonly string[] | undefined {
  const frame = stack.at(-1);
  if (!frame) return undefined;
  const path = plainPath(frame.path);
  return path === '' ? [] : path.split('.');
}

/**
 * Older versions of torch put a name of the network in front. A second call of a module has "@1"
 * behind.
 */
export const plainPath = (path: string): string =>
  path
    .replace(/^L\['self'\]\.?|^L__self__\.?/, '')
    .replaceAll(/@\d+/g, '')
    .replaceAll(/\[['"]?(\w+)['"]?\]/g, '.$1')
    .replace(/^\./, '');

export class TorchNaming extends PathNaming<TorchCall> {
  constructor(
    calls: readonly TorchCall[],
    private readonly program: Program,
  ) {
    super(calls, {
      pathOf: moduleOf,
      hasWeights: ({ inputs }) =>
        inputs.some((key) => key !== undefined && program.stored.get(key)?.kind === 'parameter'),
    });
  }

  override reserve(wanted: string): string {
    return super.reserve(this.program.stored.get(wanted)?.path ?? wanted);
  }
}
