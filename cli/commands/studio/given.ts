// Resolves the arguments of the studio: built-in models, files, and all files of folders.

import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { builtIn, isBuiltIn } from '../../../src/builtIn.js';
import { InputError } from '../../../src/inputError.js';

/** A file that is served, and its path as the page shows it. */
export interface GivenFile {
  readonly path: string;
  readonly at: string;
}

export type Given = { readonly model: string } | { readonly files: readonly GivenFile[] };

const MOST_FILES = 2000;

/** @throws InputError for what is neither a model nor a file */
export async function given(names: readonly string[]): Promise<readonly Given[]> {
  const all: Given[] = [];
  for (const name of names) all.push(await one(name));
  return all;
}

async function one(name: string): Promise<Given> {
  if (isBuiltIn(name)) return { model: name };
  const at = name.indexOf('@');
  if (at > 0 && isBuiltIn(name.slice(at + 1))) return { model: name };
  const found = await stat(name).catch(() => undefined);
  if (found?.isFile()) return { files: [{ path: basename(name), at: resolve(name) }] };
  if (found?.isDirectory()) return { files: await filesIn(name) };
  if (/[/\\]|\.[A-Za-z][A-Za-z0-9]*$/.test(name))
    throw new InputError(`${name}: there is no such file or folder; check the path`);
  builtIn(name);
  return { model: name };
}

async function filesIn(folder: string): Promise<readonly GivenFile[]> {
  const root = resolve(folder);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  // Links are skipped: they may lead out of the folder.
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new InputError(`${folder}: the folder holds no file; name a model file, or its folder`);
  if (files.length > MOST_FILES)
    throw new InputError(`${folder}: ${files.length} files are too many to be one model; name the model file itself`);
  return files.map((at) => ({ path: [basename(root), ...relative(root, at).split(sep)].join('/'), at }));
}
