// flopscope studio: serves the page on this machine until it is stopped.

import { openBrowser } from '../../output/openBrowser.js';
import type { Screen } from '../../screen.js';
import { given } from './given.js';
import { studioFiles } from './pageFiles.js';
import { serve } from './server.js';

export interface StudioOptions {
  readonly port?: number;
  readonly open: boolean;
}

/**
 * Runs until Ctrl-C, which ends it without an error.
 * @throws InputError for a name that is neither a model nor a file, and for a port that is taken
 */
export async function studioCommand(
  names: readonly string[],
  { port, open }: StudioOptions,
  screen: Screen,
): Promise<void> {
  const named = await given(names);
  const { address, close } = await serve(await studioFiles(), named, port);
  screen.out(`${address}\n`);
  screen.err('The studio runs on this machine alone. Ctrl-C ends it.\n');
  const ended = stopped();
  if (open) await openBrowser(address, screen);
  await ended;
  await close();
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
