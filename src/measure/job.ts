// One network to measure: a model at one batch and input size, and its file if it can run.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageSize } from '../families/family.js';
import type { RunnableFile } from '../graph.js';
import { graphOf, type Model } from '../model.js';
import { profile } from '../profile.js';
import type { Job } from './session.js';

/** @param onlyFile why the graph itself cannot run, where only the file can */
export function jobOf(model: Model, batch?: number, input?: ImageSize, onlyFile?: Error): Job {
  const graph = graphOf(model, batch, input);
  const file = whole(model.fileAt?.(graph.inputs[0]!.shape));
  return { graph, counted: profile(graph, { source: model.source }), file, ...(onlyFile ? { onlyFile } : {}) };
}

/**
 * A file whose weights stand in another one that is not there cannot run; its graph can, with
 * weights of ours.
 */
const whole = (file: RunnableFile | undefined): RunnableFile | undefined =>
  file?.beside.every((name) => existsSync(join(dirname(file.path), name))) ? file : undefined;
