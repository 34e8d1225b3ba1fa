// The networks of a session: their graphs, and the dropped ONNX files that can run as they are.

import type { Graph, RunnableFile } from '../../../src/graph.js';
import { InputError } from '../../../src/inputError.js';
import { otherNumbers } from '../../../src/measure/numbers.js';
import type { Network } from '../../../src/measure/together.js';
import { counted as plural } from '../../../src/plural.js';
import { subjectOf } from '../core/count.js';
import { fileBeside } from '../core/documents.js';
import type { NamedFile, Wanted } from '../core/protocol.js';
import type { ModelBytes } from './onnxSession.js';

/** A file with all that its weights stand in. */
interface Runnable {
  readonly file: RunnableFile;
  readonly own: NamedFile;
  readonly beside: readonly { readonly path: string; readonly found: NamedFile }[];
}

export interface Networks {
  readonly networks: readonly Network[];
  /** The bytes of each file; null where not every network is a file with its weights. */
  readonly bytes: ReadonlyMap<RunnableFile, ModelBytes> | null;
}

/** @throws InputError where a network cannot be counted, or a file cannot be read */
export async function networksOf(wanted: readonly Wanted[]): Promise<Networks> {
  const graphs: Network[] = [];
  const runnable: Runnable[] = [];
  const others: InputError[] = [];
  for (const one of wanted) {
    const { model, graph, profile: counted } = await subjectOf(one);
    const file = model.fileAt?.(graph.inputs[0]!.shape);
    const found = file && runnableOf(file, one.files);
    const other = otherNumbers(model);
    if (other) others.push(other);
    if (found) runnable.push(found);
    graphs.push({ graph, counted, ...(found ? { file: found.file } : {}) });
  }
  // All networks of a session run on one engine.
  if (runnable.length < wanted.length) {
    for (const { graph } of graphs) demandWhole(graph);
    const [other] = others;
    if (other) throw other;
    return { networks: graphs.map(({ graph, counted }) => ({ graph, counted })), bytes: null };
  }
  const bytes = new Map<RunnableFile, ModelBytes>();
  for (const { file, own, beside } of runnable) {
    const read = [];
    for (const { path, found } of beside) read.push({ path, data: await bytesIn(found) });
    bytes.set(file, { model: await bytesIn(own), beside: read });
  }
  return { networks: graphs, bytes };
}

/** Without what is left out, and what follows it, a network is faster than it is. */
function demandWhole({ name, omitted }: Graph): void {
  if (!omitted) return;
  const nodes = omitted.ops.reduce((all, op) => all + op.nodes, omitted.behind);
  throw new InputError(
    `${name}: ${plural(nodes, 'node')} of the file are not in its graph (${omitted.ops.map(({ op }) => op).join(', ')}, and what follows), so only the file itself gives a true time: measure an ONNX file alone, at its own input, with its weights`,
  );
}

/** Undefined where a file of its weights is not there. */
function runnableOf(file: RunnableFile, files: readonly NamedFile[]): Runnable | undefined {
  const [own] = files;
  if (!own) return undefined;
  const beside = file.weightFiles.flatMap((path) => {
    const found = fileBeside(files, own, path);
    return found ? [{ path, found }] : [];
  });
  return beside.length === file.weightFiles.length ? { file, own, beside } : undefined;
}

async function bytesIn({ path, blob }: NamedFile): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new InputError(`${path} cannot be read into memory any more: drop it again, or measure it with flopscope`);
  }
}
