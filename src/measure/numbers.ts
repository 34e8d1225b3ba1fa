// The numbers in which a run computed: ours in float32, or those of the user's file.

import type { AsRun } from '../engines/engine.js';
import type { RunnableFile } from '../graph.js';
import type { Run } from './run.js';

type Numbers = Pick<Run, 'precision' | 'bytesPerElement'>;
type Ran = Pick<AsRun, 'widened' | 'integerProducts'>;

const FLOAT32_BYTES = 4;

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
  const widened = ran !== null && isWidened(precision, ran);
  return { precision: widened ? `${precision}, run in float32` : precision, bytesPerElement };
}

/** A provider without kernels for a type computes in float32. */
function isWidened(precision: string, { widened, integerProducts }: Ran): boolean {
  return /float16/.test(precision) ? widened === true : /int8 \(/.test(precision) && integerProducts === false;
}
