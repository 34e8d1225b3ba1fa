// What can a study be told? Its tables, whether to run their networks, and how.

import type { Format } from './format.js';
import type { RunFlags } from './measureGraphs.js';

export interface StudyOptions extends Omit<RunFlags, 'layers'> {
  readonly only?: readonly string[];
  readonly measure: boolean;
  readonly batch: number;
  readonly format: Format;
}
