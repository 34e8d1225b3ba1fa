// Does the wasm engine do what every engine must?

import { engineSuite } from './suite.js';

await engineSuite('wasm');
