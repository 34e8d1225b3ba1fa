// The weights that stand in files beside a model on disk.

import { dirname } from 'node:path';
import { filesBeside } from '../../../src/files/openFile.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { weightsBeside } from '../../../src/importers/tfjs/weightsBeside.js';
import type { Companion } from '../../../src/importers/tfGraph/stored.js';

export const weightFilesOf = (path: string): Companion =>
  weightsBeside({ name: path, source: bytesSource(new Uint8Array()), beside: filesBeside(dirname(path)) });
