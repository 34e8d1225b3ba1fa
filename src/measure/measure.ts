// Measures a graph in one session. If a check fails there is no time.

import type { Engine } from '../engines/engine.js';
import type { Graph, RunnableFile } from '../graph.js';
import type { Profile } from '../profile.js';
import type { Run } from './run.js';
import { runOf, type RunOptions } from './runOf.js';
import { measureTogether, type TogetherOptions } from './together.js';

export interface MeasureOptions extends RunOptions, Pick<TogetherOptions, 'layers' | 'progress' | 'now' | 'power'> {
  /** The file that the graph was read from. An engine that runs files runs it unchanged. */
  readonly file?: RunnableFile | undefined;
}

/**
 * @param graph without symbols, at the batch that is measured
 * @param counted the profile of the same graph
 * @throws DeviceFailure, UntrustedRun: no time is ever returned for work that was not done
 */
export async function measure(engine: Engine, graph: Graph, counted: Profile, options: MeasureOptions): Promise<Run> {
  const network = { graph, counted, file: options.file };
  const [measured] = await measureTogether(engine, [network], options);
  const session = { measured: measured!, id: globalThis.crypto.randomUUID(), turn: 0, ownProcess: true };
  return runOf(engine, network, [session], options);
}
