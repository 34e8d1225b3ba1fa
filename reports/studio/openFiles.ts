// Takes files that were dropped, chosen or named on the command line into the studio.

import { announce, announceFailure, element } from '../page/dom.js';
import type { Studio } from './app.js';
import type { NamedFile } from './core/protocol.js';
import { changed, linesOf, opened, OWN, tabOf, type Source, type Tab } from './state/state.js';

/** Configs of people are text that can be edited; larger ones were written by a program. */
const LONGEST_CONFIG = 200_000;
const MOST_FILES = 2000;

export interface Opening {
  /** The tab that a file takes the place of, unless it was closed meanwhile. */
  readonly instead?: Tab;
  /** Of the source, where it is to be the same again; a new one by default. */
  readonly key?: string;
}

/** Opens each model in a tab of its own, and takes the records among the files. */
export async function openFiles(
  studio: Studio,
  files: readonly NamedFile[],
  opening: Opening = {},
): Promise<readonly Source[]> {
  const sources = await sourcesIn(studio, files, opening);
  for (const [i, source] of sources.entries()) {
    const { state } = studio;
    const tab = i === 0 ? tabOf(state, opening.instead?.id ?? null) : undefined;
    studio.update(tab ? changed(state, tab.id, { source, options: OWN }) : opened(state, source));
  }
  return sources;
}

/** The models among files. Records of runs and devices are taken at once. */
export async function sourcesIn(
  studio: Studio,
  files: readonly NamedFile[],
  { key }: Opening = {},
): Promise<readonly Source[]> {
  if (files.length > MOST_FILES)
    announce(
      `Only ${MOST_FILES.toLocaleString('en-US')} of the files are taken: drop the model's own folder if it is not there.`,
    );
  const left: NamedFile[] = [];
  for (const file of inOrder(files.slice(0, MOST_FILES))) if (!(await isRecord(studio, file))) left.push(file);
  const sources: Source[] = [];
  for (const first of modelsIn(left))
    sources.push(await sourceOf(studio, [first, ...left.filter((file) => file !== first)], key));
  return sources;
}

/**
 * Files that lie side by side are models of their own; of a folder it is the one that is nearest to
 * its top. The others may hold weights.
 */
function modelsIn(files: readonly NamedFile[]): readonly NamedFile[] {
  const models = files.filter(({ path }) => MODELS.test(path) && !path.includes('/'));
  // The weights of a model.json of Keras.
  const isJson = models.some(({ path }) => /\.json$/i.test(path));
  const own = models.filter(({ path }) => !(isJson && /\.(h5|hdf5)$/i.test(path)));
  return own.length > 1 ? own : files.slice(0, 1);
}

/** Bytes of a record of a hundred runs. */
const LONGEST_RECORD = 60 * 2 ** 20;

/** Takes what flopscope wrote and is no network: measured runs, and records of devices. */
async function isRecord(studio: Studio, { path, blob }: NamedFile): Promise<boolean> {
  if (!/\.json$/i.test(path) || blob.size > LONGEST_RECORD) return false;
  const [, kind] = /"schema":\s*"flopscope\.(runs?|device)\//.exec(await blob.slice(0, 4096).text()) ?? [];
  if (kind === undefined) return false;
  const text = await blob.text();
  try {
    if (kind === 'device') {
      // Whether it can be read is known before it is taken.
      await studio.thinker.ask('devices', { [path]: text });
      // Others may have come meanwhile.
      studio.devices = { ...studio.devices, [path]: text };
      announce(`The device record ${path} can be chosen now.`);
    } else {
      const runs = await studio.thinker.ask('runs', { text, name: path });
      studio.runs = [...studio.runs, ...runs];
      announce(
        `${runs.length} measured ${runs.length === 1 ? 'run' : 'runs'} read: ${runs
          .map(({ model }) => model)
          .join(', ')
          .slice(0, 120)}.`,
      );
    }
  } catch (error) {
    announce(error instanceof Error ? error.message : String(error));
  }
  studio.draw();
  return true;
}

/** @param files the model itself comes first */
async function sourceOf(
  studio: Studio,
  files: readonly NamedFile[],
  key: string = crypto.randomUUID(),
): Promise<Source> {
  const [{ path: name, blob }] = files as readonly [NamedFile];
  if (/\.ya?ml$/i.test(name) && blob.size <= LONGEST_CONFIG)
    return { kind: 'yaml', name, text: linesOf((await blob.text()).replace(/^\uFEFF/, '')) };
  studio.files.set(key, files);
  // A SavedModel goes by its folder.
  const folder = /^(.+)\/saved_model\.pb$/.exec(name)?.[1];
  return { kind: 'file', name: (folder ?? name).slice(-300), key };
}

const MODELS = /(^|\/)saved_model\.pb$|\.(onnx|pt2|tflite|keras|h5|hdf5|pb|cfg|prototxt|ya?ml)$|(^|\/)model\.json$/i;

/** What looks like a model first, nearest to the top of its folder. */
function inOrder(files: readonly NamedFile[]): readonly NamedFile[] {
  const rank = ({ path }: NamedFile): number =>
    (MODELS.test(path) ? 0 : /\.json$/i.test(path) ? 1000 : 2000) + path.split('/').length;
  return [...files].sort((a, b) => rank(a) - rank(b));
}

/** Asks for files; empty where the choice was given up. */
export function pickFiles(): Promise<readonly NamedFile[]> {
  const field = element('input', { type: 'file', multiple: true, class: 'offscreen', id: 'file-field' });
  document.body.append(field);
  return new Promise((resolve) => {
    field.addEventListener('change', () => {
      resolve([...(field.files ?? [])].map((file) => ({ path: file.name, blob: file })));
      field.remove();
    });
    field.addEventListener('cancel', () => {
      resolve([]);
      field.remove();
    });
    field.click();
  });
}

/** Files of a drop, with those in folders. */
export async function filesIn(transfer: DataTransfer): Promise<readonly NamedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, blob: file }));
  const found: NamedFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: NamedFile[]): Promise<void> {
  // One more, so that it is known that there are too many.
  if (found.length > MOST_FILES) return;
  if (entry.isFile) {
    const blob = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path: entry.fullPath.replace(/^\//, ''), blob });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const inside = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (inside.length === 0) return;
    for (const one of inside) await walk(one, found);
  }
}

/** Lets files be dropped anywhere in the page. */
export function acceptDrops(studio: Studio): void {
  let inside = 0;
  const show = (): void => {
    document.body.classList.toggle('dropping', inside > 0);
  };
  addEventListener('dragenter', (event) => {
    event.preventDefault();
    inside++;
    show();
  });
  addEventListener('dragleave', () => {
    inside = Math.max(0, inside - 1);
    show();
  });
  addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    inside = 0;
    show();
    if (event.dataTransfer) announceFailure(filesIn(event.dataTransfer).then((files) => openFiles(studio, files)));
  });
}
