// Fetches what `flopscope studio FILE ...` was given: names of models, and files of this machine.

import { announce } from '../page/dom.js';
import type { Studio } from './app.js';
import type { NamedFile } from './core/protocol.js';
import { openFiles, sourcesIn } from './openFiles.js';
import { noteOpened, type OpenedHere } from './state/session.js';
import { changed, opened, type Source } from './state/state.js';

interface ServedFiles {
  readonly files: readonly { readonly path: string; readonly address: string }[];
}

/** The list that the command serves under its token. */
export type Served = { readonly model: string } | ServedFiles;

/** The token behind #open= of an address; undefined where there is none. */
export const tokenIn = (hash: string): string | undefined => /^#open=([\w-]{10,100})$/.exec(hash)?.[1];

/** The same each time that the page is loaded. */
const keyOf = (token: string, place: number): string => `served ${token} ${place}`;

/** @throws where the command that served the page has ended */
export async function openServed(studio: Studio, token: string): Promise<void> {
  const texts: Record<string, string> = {};
  for (const [place, one] of (await listOf(token)).entries())
    if ('model' in one) studio.update(opened(studio.state, { kind: 'model', name: one.model }));
    else
      for (const source of await openFiles(studio, await contents(one), { key: keyOf(token, place) }))
        if (source.kind === 'yaml') texts[source.name] = source.text;
  noteOpened({ token, texts });
}

/**
 * Brings back what no browser keeps of a window that is loaded again: the bytes of its files, runs
 * and device records. A config that was edited here stays; one that was not is as it is on the disk
 * now.
 * @throws where the command that served the page has ended
 */
export async function bringServed(studio: Studio, { token, texts }: OpenedHere): Promise<void> {
  const wanted = new Set(
    [...studio.state.tabs, ...(studio.state.pinned ? [studio.state.pinned] : [])].map(({ source }) =>
      source.kind === 'file' ? source.key : source.name,
    ),
  );
  const now: Record<string, string> = {};
  for (const [place, one] of (await listOf(token)).entries()) {
    const key = keyOf(token, place);
    if ('model' in one || !(wanted.has(key) || isText(one))) continue;
    for (const source of await sourcesIn(studio, await contents(one), { key }))
      if (source.kind === 'file') studio.bring(key);
      else if (source.kind === 'yaml') {
        now[source.name] = source.text;
        refresh(studio, source, texts[source.name]);
      }
  }
  noteOpened({ token, texts: now });
}

/** @param before the text of the file when it was opened last */
function refresh(studio: Studio, source: Source & { readonly kind: 'yaml' }, before: string | undefined): void {
  if (before === undefined || before === source.text) return;
  const tab = studio.state.tabs.find((one) => one.source.kind === 'yaml' && one.source.name === source.name);
  if (tab?.source.kind !== 'yaml' || tab.source.text === source.text) return;
  if (tab.source.text === before) studio.update(changed(studio.state, tab.id, { source }));
  else
    announce(`${source.name} was changed on the disk and here: what you wrote here stays. Open it anew for the other.`);
}

/** Configs and records are small, and may not be known by their key. */
const isText = ({ files }: ServedFiles): boolean => files.length === 1 && /\.(ya?ml|json)$/i.test(files[0]!.path);

const listOf = async (token: string): Promise<readonly Served[]> =>
  (await (await fetched(`open/${token}/list.json`)).json()) as readonly Served[];

async function contents({ files }: ServedFiles): Promise<readonly NamedFile[]> {
  const found: NamedFile[] = [];
  for (const { path, address } of files) found.push({ path, blob: await (await fetched(address)).blob() });
  return found;
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}
