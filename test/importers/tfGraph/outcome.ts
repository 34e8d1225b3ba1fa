// Says what becomes of a spoilt graph of TensorFlow: it is counted, or refused in one sentence.

import { bytesSource } from '../../../src/importers/modelFile.js';
import { readTensorflow } from '../../../src/importers/tfGraph/readTfGraph.js';
import { outcomeOfModel, type Outcome } from '../keras/outcome.js';

/** @throws an Error for a total or a sentence that must not be, and every fault of the reader */
export function outcomeOf(bytes: Uint8Array): Outcome {
  const outcomes = [false, true].map((allowUnknown) =>
    outcomeOfModel(() => readTensorflow(bytesSource(bytes), 'net.pb', { allowUnknown })),
  );
  return outcomes.includes('counted') ? 'counted' : 'refused';
}
