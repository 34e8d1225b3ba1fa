// Measures a network on an open engine: ceilings, windows, layers, checks, and the record of a run.

import type { Engine } from '../../../src/engines/engine.js';
import { CeilingMeter } from '../../../src/measure/ceilings.js';
import type { Run } from '../../../src/measure/run.js';
import { runOf, type Host } from '../../../src/measure/runOf.js';
import { measureTogether } from '../../../src/measure/together.js';
import type { Progress, Protocol } from '../../../src/measure/windows.js';
import { VERSION } from '../../../src/version.js';
import { subjectOf } from '../core/count.js';
import type { Wanted } from '../core/protocol.js';

export interface MeasureAsked {
  readonly wanted: Wanted;
  /** Time every layer, too. */
  readonly layers: boolean;
  /** Take the device's ceilings first, which utilisation is relative to. */
  readonly ceilings: boolean;
  readonly protocol: Protocol;
  readonly allowSoftware: boolean;
}

const SEED = 1;
const NO_POWER = 'a browser does not tell the power of a GPU';

/**
 * @throws InputError where the network cannot be counted; DeviceFailure, UntrustedRun: no time is
 * ever returned for work that was not done
 */
export async function measureHere(
  engine: Engine,
  host: Host,
  { wanted, layers, ceilings: asked, protocol }: MeasureAsked,
  progress: Progress,
): Promise<Run> {
  const { graph, profile: counted } = await subjectOf(wanted);
  try {
    engine.demandFits(graph, { eager: false });
    const meter = asked ? await CeilingMeter.open(engine, progress) : null;
    const how = { protocol, seed: SEED, eager: false };
    const power = { meter: { reason: NO_POWER }, idle: { watts: null, how: NO_POWER } };
    const [measured] = await measureTogether(engine, [{ graph, counted }], { ...how, layers, progress, power });
    const ceilings = meter && (await meter.again(engine));
    const session = { measured: measured!, id: crypto.randomUUID(), turn: 0, ownProcess: true };
    return runOf(engine, { graph, counted }, [session], { ...how, ceilings, host, version: VERSION });
  } finally {
    await engine.close();
  }
}
