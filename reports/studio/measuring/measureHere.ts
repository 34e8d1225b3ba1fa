// Measures networks in one session on an open engine: ceilings, windows, layers, checks, records.

import type { Engine } from '../../../src/engines/engine.js';
import { CeilingMeter } from '../../../src/measure/ceilings.js';
import { orderOf } from '../../../src/measure/order.js';
import type { Ceilings, Run } from '../../../src/measure/run.js';
import { runOf, type Host, type SessionOfRun } from '../../../src/measure/runOf.js';
import { measureTogether, type Measured, type Network } from '../../../src/measure/together.js';
import { turnsOf } from '../../../src/measure/turns.js';
import type { Progress, Protocol } from '../../../src/measure/windows.js';
import { VERSION } from '../../../src/version.js';
import type { Wanted } from '../core/protocol.js';

export interface MeasureAsked {
  /** Their windows alternate in a random order. */
  readonly wanted: readonly Wanted[];
  /** Time every layer, too: the first session does. */
  readonly layers: boolean;
  /** Take the device's ceilings first, which utilisation is relative to: the first session does. */
  readonly ceilings: boolean;
  readonly protocol: Protocol;
  readonly allowSoftware: boolean;
  /** What earlier sessions found; null before the first. */
  readonly earlier: SessionsSoFar | null;
}

/** Plain data: each session has a worker of its own, and gets what was found before. */
export interface SessionsSoFar {
  /** Of each network, in the order in which they were asked for. */
  readonly sessions: readonly (readonly [SessionOfRun, ...SessionOfRun[]])[];
  readonly ceilings: Ceilings | null;
  /** The record of each network from all its sessions. */
  readonly runs: readonly Run[];
}

const SEED = 1;
const NO_POWER = 'a browser does not tell the power of a GPU';

/**
 * @throws InputError where a file does not run; DeviceFailure, UntrustedRun: no time is ever
 * returned for work that was not done
 */
export async function measureHere(
  engine: Engine,
  host: Host,
  networks: readonly Network[],
  { layers, ceilings: asked, protocol, earlier }: Omit<MeasureAsked, 'wanted'>,
  progress: Progress,
): Promise<SessionsSoFar> {
  try {
    for (const { graph, file } of networks) engine.demandFits(graph, { eager: false, file });
    const meter = asked && !earlier ? await CeilingMeter.open(engine, progress) : null;
    const how = { protocol, seed: SEED, eager: false };
    const id = crypto.randomUUID();
    const index = earlier?.sessions[0]?.length ?? 0;
    const order = orderOf(index, SEED);
    const power = { meter: { reason: NO_POWER }, idle: { watts: null, how: NO_POWER } };
    const own: SessionOfRun[] = [];
    for (const [turn, together] of turnsOf(networks, ({ counted }) => counted, engine.maxTotalBytes).entries()) {
      const measured = await measureTogether(engine, together, {
        ...{ ...how, order, power, progress, layers: layers && !earlier },
        between: () => meter?.again(engine) ?? Promise.resolve(),
        failed: (place, error) => named(error, together[place]!),
      });
      own.push(...measured.map((one: Measured) => ({ measured: one, id, turn, ownProcess: true })));
    }
    const sampled = (meter && (await meter.again(engine))) ?? earlier?.ceilings ?? null;
    const sessions = networks.map((_, i): SessionsSoFar['sessions'][number] => {
      const before = earlier?.sessions[i];
      return before ? [...before, own[i]!] : [own[i]!];
    });
    const record = (i: number, ceilings: Ceilings | null): Run =>
      runOf(engine, networks[i]!, sessions[i]!, { ...how, ceilings, host, version: VERSION });
    // One device has one ceiling: where a network passes it, it is raised for all of them.
    const ceilings = networks.reduce((reached, _, i) => record(i, reached).ceilings, sampled);
    return { sessions, ceilings, runs: networks.map((_, i) => record(i, ceilings)) };
  } finally {
    await engine.close();
  }
}

function named(error: unknown, { counted: { model, input } }: Network): unknown {
  if (error instanceof Error) error.message = `${model} at batch ${input.n}: ${error.message}`;
  return error;
}
