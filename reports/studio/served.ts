// Fetches what `flopscope studio FILE ...` was given: names of models, and files of this machine.

import type { Studio } from './app.js';
import type { NamedFile } from './core/protocol.js';
import { openFiles } from './openFiles.js';
import { opened } from './state/state.js';

/** The list that the command serves under its token. */
export type Served =
  { readonly model: string } | { readonly files: readonly { readonly path: string; readonly address: string }[] };

/** The token behind #open= of an address; undefined where there is none. */
export const tokenIn = (hash: string): string | undefined => /^#open=([\w-]{10,100})$/.exec(hash)?.[1];

/** @throws where the command that served the page has ended */
export async function openServed(studio: Studio, token: string): Promise<void> {
  const list = (await (await fetched(`open/${token}/list.json`)).json()) as readonly Served[];
  for (const one of list)
    if ('model' in one) studio.update(opened(studio.state, { kind: 'model', name: one.model }));
    else {
      const files: NamedFile[] = [];
      for (const { path, address } of one.files) files.push({ path, blob: await (await fetched(address)).blob() });
      await openFiles(studio, files);
    }
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}
