// The user's folder in which `flopscope setup tensorflow` installs TensorFlow.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** $FLOPSCOPE_HOME, or flopscope in the user's cache. */
export function flopscopeHome(): string {
  const { FLOPSCOPE_HOME: home, XDG_CACHE_HOME: cache } = process.env;
  return resolve(present(home) ?? join(present(cache) ?? join(userHome(), '.cache'), 'flopscope'));
}

/** An npm project whose node_modules has tfjs-node or tfjs-node-gpu. */
export const tensorflowHome = (): string => join(flopscopeHome(), 'tensorflow');

/**
 * A user in a container may have no home. Then / is used, which other users cannot write.
 */
function userHome(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

const present = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
