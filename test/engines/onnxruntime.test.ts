// The engine onnxruntime does what every engine must.

import { engineSuite } from './suite.js';

await engineSuite('onnxruntime');
