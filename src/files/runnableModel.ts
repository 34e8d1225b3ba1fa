// Reads a model to measure. A file whose graph is not counted whole may still run itself.

import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
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
  try {
    return { model: await modelNamed(name) };
  } catch (error) {
    if (!(error instanceof InputError) || !/\.onnx$/i.test(name)) throw error;
    const model = await modelNamed(name, { allowUnknown: true }).catch(() => undefined);
    if (!model?.fileAt) throw error;
    return { model, onlyFile: error };
  }
}
