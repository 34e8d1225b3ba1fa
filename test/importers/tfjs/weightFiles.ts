// The weights that stand in files beside a model on disk.

import { dirname } from 'node:path';
import { filesBeside } from '../../../src/files/openFile.js';
import { bytesBeside, type Companion } from '../../../src/importers/bytesBeside.js';

export const weightFilesOf = (path: string): Companion => bytesBeside({ beside: filesBeside(dirname(path)) });
