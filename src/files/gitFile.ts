// Reads a file of an earlier version from git: REVISION:FILE, as in main:nets/detector.yaml.

import { spawnSync } from 'node:child_process';
import { isAbsolute, posix, relative } from 'node:path';
import { bytesSource, type ByteSource, type ModelFile } from '../importers/modelFile.js';
import { InputError } from '../inputError.js';
import { visible } from '../visible.js';
import { SAVED_MODEL } from './openFile.js';

export interface AtRevision {
  readonly revision: string;
  /** From the current folder, or else from the root of the repository. */
  readonly path: string;
}

/** One letter before a colon is a drive of Windows, and two slashes after it an address. */
const AT_REVISION = /^([^\s:][^:]+):(?!\/\/)(.+)$/s;

/** What a name says of a revision; undefined for a name without one. */
export function atRevision(name: string): AtRevision | undefined {
  const [, revision, path] = AT_REVISION.exec(name) ?? [];
  return revision === undefined || path === undefined ? undefined : { revision, path };
}

/** A file that git can hold, and that fits in memory beside its copy in the pipe. */
const MOST_BYTES = 2 ** 30;
/** The first words of what Git LFS keeps in place of a large file. */
const POINTER = 'version https://git-lfs.github.com/spec/';
const LONGEST_POINTER = 1024;

/**
 * The bytes are those of the revision, and so are the files beside it.
 * @param name as the user wrote it, for messages
 * @throws InputError where git, the repository, the revision or the file is missing
 */
export function fileAtRevision(name: string, { revision, path }: AtRevision): ModelFile {
  const commit = commitOf(name, revision);
  const given = (isAbsolute(path) ? relative('.', path) : path).replaceAll(SEPARATOR, '/');
  const places = [`${commit}:./${given}`, `${commit}:${posix.normalize(given)}`];
  const found = places.map((place) => ({ place, kind: kindOf(place) })).find(({ kind }) => kind !== undefined);
  if (found === undefined)
    throw new InputError(
      `${visible(name)}: ${visible(revision)} has no file ${visible(path)}; git ls-tree -r --name-only ${visible(revision)} lists its files`,
    );
  const { place, kind } = found;
  const isFolder = kind === 'tree';
  const file = isFolder ? `${place.replace(/\/$/, '')}/${SAVED_MODEL}` : place;
  if ((isFolder ? kindOf(file) : kind) !== 'blob')
    throw new InputError(`${visible(name)}: it is a folder without ${SAVED_MODEL}: name a file in it`);
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.indexOf(':')) + 1);
  return {
    name,
    source: bytesSource(bytesAt(file, name)),
    beside: (other): ByteSource | undefined => {
      const beside = folder + other;
      return kindOf(beside) === 'blob' ? bytesSource(bytesAt(beside, `${name}, ${other}`)) : undefined;
    },
  };
}

const SEPARATOR = process.platform === 'win32' ? '\\' : '/';

/** The hash of a revision, so that nothing that a user wrote is read as a flag of git. */
function commitOf(name: string, revision: string): string {
  const refuse = (why: string): never => {
    throw new InputError(`${visible(name)}: ${why}`);
  };
  if (revision.startsWith('-')) refuse(`${visible(revision)} is no revision: it starts with a dash`);
  const { status, stdout, stderr, error } = git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  if (error !== undefined)
    refuse(
      error.code === 'ENOENT'
        ? 'a version before is read with git, which is not on the PATH: install git, or name two files'
        : `git cannot be called (${error.message})`,
    );
  if (status === 0) return stdout.toString().trim();
  const said = stderr.toString().trim();
  if (/not a git repository/.test(said)) refuse('this folder is in no git repository: name two files');
  return refuse(
    said === ''
      ? `there is no revision ${visible(revision)} here; where the clone is shallow, as in CI, git fetch brings it`
      : `git refuses: ${visible(said.split('\n')[0]!)}`,
  );
}

/** "blob", "tree" or undefined where there is nothing. */
function kindOf(place: string): string | undefined {
  const { status, stdout } = git(['cat-file', '-t', place]);
  return status === 0 ? stdout.toString().trim() : undefined;
}

function bytesAt(place: string, name: string): Uint8Array {
  const size = Number(git(['cat-file', '-s', place]).stdout.toString());
  if (!(size <= MOST_BYTES))
    throw new InputError(
      `${visible(name)}: ${size} bytes are too many to be read from git: check the revision out with git worktree add`,
    );
  const bytes = read(['cat-file', 'blob', place], size, name);
  if (!isPointer(bytes)) return bytes;
  const stored = read(['cat-file', '--filters', place], MOST_BYTES, name);
  if (isPointer(stored))
    throw new InputError(
      `${visible(name)}: git holds a pointer of Git LFS and not the file: install git lfs, and git lfs fetch brings it`,
    );
  return stored;
}

const isPointer = (bytes: Uint8Array): boolean =>
  bytes.length <= LONGEST_POINTER && new TextDecoder().decode(bytes.subarray(0, POINTER.length)) === POINTER;

function read(args: readonly string[], most: number, name: string): Uint8Array {
  const { status, stdout, stderr, error } = git(args, most + LONGEST_POINTER);
  if (status === 0 && error === undefined) return stdout;
  const said = error?.message ?? stderr.toString().trim().split('\n')[0]!;
  throw new InputError(`${visible(name)}: git does not give the file (${visible(said)})`);
}

function git(
  args: readonly string[],
  maxBuffer = 2 ** 20,
): { status: number | null; stdout: Buffer; stderr: Buffer; error?: NodeJS.ErrnoException } {
  const done = spawnSync('git', args, { maxBuffer, windowsHide: true, env: { ...process.env, LC_ALL: 'C' } });
  // Where it cannot be started there are no streams.
  const { stdout, stderr } = done as { readonly stdout: Buffer | null; readonly stderr: Buffer | null };
  return { ...done, stdout: stdout ?? Buffer.alloc(0), stderr: stderr ?? Buffer.alloc(0) };
}
