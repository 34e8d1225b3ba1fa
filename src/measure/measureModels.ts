// Measures models in one call: each at each batch, in one session or several, with the defaults.

import type { ImageSize } from '../families/family.js';
import type { Model } from '../model.js';
import { VERSION } from '../version.js';
import type { Run } from './run.js';
import { jobOf } from './job.js';
import type { Listener, MeasureSettings } from './session.js';
import { measureInSessions, type SessionPlan } from './sessions.js';

export const MEASURE_DEFAULTS: MeasureSettings = {
  engine: 'auto',
  protocol: { warmups: 3, windows: 5, minWindowSeconds: 1 },
  seed: 1,
  eager: false,
  layers: false,
  ceilings: true,
};

export interface MeasureOptions extends Partial<MeasureSettings>, Partial<SessionPlan> {
  /**
   * Images per inference, or several to measure one after the other; the model's own where it is
   * absent.
   */
  readonly batch?: number | readonly number[];
  /** [C, H, W] in place of each model's own. */
  readonly input?: ImageSize;
}

/**
 * @returns the runs in the order of the models, and of the batches of each
 * @throws InputError for an engine that cannot be had; DeviceFailure and UntrustedRun for a run
 * without a time
 */
export async function measure(
  models: Model | readonly Model[],
  { batch, input, sessions = 1, budgetSeconds, precision, ...settings }: MeasureOptions = {},
  listener: Listener = {},
): Promise<readonly Run[]> {
  const all = 'build' in models ? [models] : models;
  const batches = batch === undefined ? [undefined] : typeof batch === 'number' ? [batch] : batch;
  const jobs = all.flatMap((model) => batches.map((n) => jobOf(model, n, input)));
  return measureInSessions(
    { ...MEASURE_DEFAULTS, ...settings },
    VERSION,
    jobs,
    { sessions, budgetSeconds, precision },
    listener,
  );
}
