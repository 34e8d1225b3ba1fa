// One network to measure: a model at one batch and input size, and its file if it can run.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageSize } from '../families/family.js';
import type { Omission, RunnableFile } from '../graph.js';
import { InputError } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import { counted } from '../plural.js';
import { profile } from '../profile.js';
import { otherNumbers } from './numbers.js';
import type { Job } from './session.js';

/** @param onlyFile why the graph itself cannot run, where only the file can */
export function jobOf(model: Model, batch?: number, input?: ImageSize, onlyFile?: Error): Job {
  const graph = graphOf(model, batch, input);
  const file = whole(model.fileAt?.(graph.inputs[0]!.shape));
  const reason = onlyFile ?? (graph.omitted ? partOfFile(model.name, graph.omitted) : undefined);
  return {
    ...{ graph, counted: profile(graph, { source: model.source }), file },
    ...(reason ? { onlyFile: reason } : {}),
    otherNumbers: otherNumbers(model),
  };
}

/** A graph with nodes left out runs faster than the network. */
function partOfFile(model: string, { ops, behind }: Omission): InputError {
  const nodes = ops.reduce((all, op) => all + op.nodes, behind);
  return new InputError(
    `${model}: ${counted(nodes, 'node')} of the file are not in its graph (${ops.map(({ op }) => op).join(', ')}, and what follows), so only the file itself gives a true time: measure it with --engine onnxruntime, at the input that it states, with its weights in it or beside it`,
  );
}

/** A file without its weights cannot run. Its graph can, with seeded weights. */
const whole = (file: RunnableFile | undefined): RunnableFile | undefined =>
  file?.weightFiles.every((name) => existsSync(join(dirname(file.path), name))) ? file : undefined;
