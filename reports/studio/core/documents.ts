// Reads the network that a tab names. Each reader is loaded when a file first needs it.

import { builtIn, isBuiltIn } from '../../../src/builtIn.js';
import type { ByteSource } from '../../../src/importers/modelFile.js';
import type { OpenedConfig } from '../../../src/importers/config/readConfig.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import type { NamedFile, Wanted } from './protocol.js';

/** A model, with its lines where its source is a config. */
export type Opened = OpenedConfig;

interface Kept {
  readonly key: string;
  readonly opened: Opened;
}

/** Files that were read last: another input size or batch reads nothing again. */
const kept: Kept[] = [];
const MOST_KEPT = 4;

/** @throws InputError of one sentence */
export async function open(wanted: Wanted): Promise<Opened> {
  const { source, options, files } = wanted;
  if (source.kind === 'model') return { model: await named(source.name) };
  if (source.kind === 'yaml') {
    const { openConfig } = await import('../../../src/importers/config/readConfig.js');
    return openConfig(source.text, source.name);
  }
  const key = `${source.key}/${String(options.unknown)}`;
  const found = kept.find((one) => one.key === key);
  if (found) return found.opened;
  const [file] = files;
  if (!file)
    throw new InputError(`${source.name} is not in this page any more: files stay on your machine, so drop it again`);
  const { readModel } = await import('../../../src/importers/readModel.js');
  const model = await readModel(
    { name: source.name, source: sourceOf(file.blob), beside: (path) => besideOf(files, file, path) },
    { allowUnknown: options.unknown },
  );
  const opened: Opened = { model };
  kept.push({ key, opened });
  if (kept.length > MOST_KEPT) kept.shift();
  return opened;
}

/** A built-in model, or a detector on one. */
async function named(name: string): Promise<Model> {
  const at = name.indexOf('@');
  if (isBuiltIn(name) || at < 0) return builtIn(name);
  const { detectorOn } = await import('../../../src/detectors/table.js');
  return detectorOn(name.slice(0, at), builtIn(name.slice(at + 1)));
}

/** Blocks until the bytes are there; workers alone have it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** Reads what is asked for, and no more: a file may be larger than the memory of a page. */
const sourceOf = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: (start, length) => new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(start, start + length))),
});

function besideOf(files: readonly NamedFile[], own: NamedFile, path: string): ByteSource | undefined {
  const found = fileBeside(files, own, path);
  return found && sourceOf(found.blob);
}

/** @param path from the folder of the model */
export function fileBeside(files: readonly NamedFile[], { path: own }: NamedFile, path: string): NamedFile | undefined {
  const folder = own.slice(0, own.lastIndexOf('/') + 1);
  return files.find((file) => file.path === folder + path.replace(/^\.\//, ''));
}
