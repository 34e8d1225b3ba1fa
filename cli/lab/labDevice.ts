// On which machine was an experiment measured, in words? A CPU is told with its cores: half of them are another machine.

import { counted } from '../../src/plural.js';
import type { Run } from '../../src/measure/run.js';
import { runLabel } from '../measuring/runLabel.js';

/** "AMD EPYC CPU (tensorflow), 2 cores"; null where nothing was run */
export function labDevice([run]: readonly Run[]): string | null {
  if (!run) return null;
  const { device, environment } = run;
  return `${runLabel(run)}${device.kind === 'cpu' ? `, ${counted(environment.cores, 'core')}` : ''}`;
}
