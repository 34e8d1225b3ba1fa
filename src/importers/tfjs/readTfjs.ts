// Reads models from TensorFlow.js and Keras JSON, without their weights.

import type { Model } from '../../model.js';
import { inFile } from '../kit/fileModel.js';
import { dataIn, kerasModel } from '../keras/readKeras.js';
import type { ReadOptions } from '../modelFile.js';
import { graphModel } from '../tfGraph/readTfGraph.js';
import type { Companion } from '../bytesBeside.js';
import { isData } from './settings.js';

/**
 * @param fileName starts every message; its base name is a graph model's
 * @param companion reads the files with weights; undefined for a file that is not there
 * @throws InputError of one sentence, naming the layer where there is one, here and from the
 * model's `build`
 */
export function readTfjs(
  text: string,
  fileName: string,
  companion: Companion = () => undefined,
  options: ReadOptions = {},
): Model {
  return inFile(fileName, () => {
    const data = dataIn(text);
    const topology = data['modelTopology'];
    if (isData(topology) && 'node' in topology) return graphModel(data, topology, fileName, companion, options);
    return kerasModel(data, fileName, options);
  });
}
