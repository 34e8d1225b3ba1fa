// On what was a run taken, in words? The device, the engine, and what else sets its times apart.

import { deviceLabel } from '../../reports/report/settings.js';
import type { Run } from '../../src/measure/run.js';

/** "AMD EPYC (wasm), eager" */
export const runLabel = (run: Run): string => `${deviceLabel(run)}${run.mode === 'eager' ? ', eager' : ''}`;
