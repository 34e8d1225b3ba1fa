// Reads a model to measure. A file whose graph is not counted whole may still run itself.

import { InputError } from '../inputError.js';
import { graphOf, type Model } from '../model.js';
import { modelNamed } from './modelNamed.js';

export interface Runnable {
  readonly model: Model;
  /** Why its graph cannot run: it leaves out ops that are not known, which the file itself has. */
  readonly onlyFile?: Error;
}

/**
 * @throws InputError for a file whose graph cannot run, where no runtime can run the file either
 */
export async function runnableModel(name: string): Promise<Runnable> {
  const isFile = /\.onnx$/i.test(name);
  try {
    const model = await modelNamed(name);
    // What cannot be counted may be known only where the graph is built.
    if (isFile) graphOf(model);
    return { model };
  } catch (error) {
    if (!(error instanceof InputError) || !isFile) throw error;
    const model = await modelNamed(name, { allowUnknown: true }).catch(() => undefined);
    if (!model?.fileAt) throw error;
    return { model, onlyFile: error };
  }
}
