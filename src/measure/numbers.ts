// The numbers in which a run computed: ours in float32, or those of the user's file.

import type { AsRun } from '../engines/engine.js';
import type { RunnableFile } from '../graph.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { counted } from '../plural.js';
import { FLOAT32_BYTES } from '../profile.js';
import type { Run } from './run.js';

type Numbers = Pick<Run, 'precision' | 'bytesPerElement'>;
type Ran = Pick<AsRun, 'widened' | 'integerProducts'>;

/** For graphs that flopscope writes itself, or that an engine of TensorFlow.js runs. */
const ours = (settings: Run['protocol']['settings']): Numbers => ({
  precision: settings['tf32'] === true ? 'tf32' : 'float32',
  bytesPerElement: FLOAT32_BYTES,
});

/**
 * @param file that ran unchanged; undefined where our graph ran
 * @param ran the runtime's own description of the run; null where there is none
 */
export function numbersOf(
  file: Pick<RunnableFile, 'precision' | 'bytesPerElement'> | undefined,
  ran: Ran | null,
  settings: Run['protocol']['settings'],
): Numbers {
  if (!file) return ours(settings);
  const { precision, bytesPerElement } = file;
  if (precision === 'float32') return { precision: ours(settings).precision, bytesPerElement };
  if (ran === null || !isWidened(precision, ran)) return { precision, bytesPerElement };
  // What it moves between its kernels, and its weights once they are loaded, are float32 then.
  return { precision: `${precision}, run in float32`, bytesPerElement: FLOAT32_BYTES };
}

/**
 * Why only the file itself gives a true time: a runtime runs half precision and int8 by other
 * kernels than a graph in float32.
 */
export function otherNumbers({ name, source, bytesPerElement = FLOAT32_BYTES }: Model): InputError | undefined {
  if (source !== 'onnx' || bytesPerElement === FLOAT32_BYTES) return undefined;
  return new InputError(
    `${name}: the file stores ${counted(bytesPerElement, 'byte')} for each weight, and its graph would run in float32, so only the file itself gives a true time: measure it at the batch and input that it states, with its weights in it or beside it`,
  );
}

/** A provider without kernels for a type computes in float32. */
function isWidened(precision: string, { widened, integerProducts }: Ran): boolean {
  return /float16/.test(precision) ? widened === true : /int8 \(/.test(precision) && integerProducts === false;
}
