// A measuring session of the command line: its flags, its progress bar, and its end.

import { Session, type MeasureSettings } from '../../src/measure/session.js';
import type { Optimisation, Provider } from '../../src/engines/onnxruntime/providers.js';
import type { Bar } from '../output/bar.js';
import { progressBar } from '../output/progressBar.js';
import { VERSION } from '../../src/version.js';
import type { Screen } from '../screen.js';

/** How graphs are measured, as the flags of cli/flags/measureOptions.ts say it. */
export interface RunFlags {
  readonly engine: string;
  readonly layers: boolean;
  readonly eager: boolean;
  readonly warmups: number;
  readonly windows: number;
  readonly minWindow: number;
  readonly seed: number;
  readonly ceilings: boolean;
  readonly allowSoftware: boolean;
  readonly dawnToggle?: readonly string[];
  readonly provider?: Provider;
  readonly threads?: number;
  readonly optimisation?: Optimisation;
  /** Absent: one. */
  readonly sessions?: number;
  /** Seconds. */
  readonly budgetTime?: number;
  /** A part of 1. */
  readonly precision?: number;
}

export const settingsOf = (flags: RunFlags, heard: Screen['heard']): MeasureSettings => ({
  engine: flags.engine,
  open: {
    allowSoftware: flags.allowSoftware,
    eager: flags.eager,
    ...(flags.provider ? { provider: flags.provider } : {}),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    ...(flags.optimisation ? { optimisation: flags.optimisation } : {}),
    ...(heard ? { heard } : {}),
    ...(flags.dawnToggle ? { dawnToggles: flags.dawnToggle } : {}),
  },
  protocol: { warmups: flags.warmups, windows: flags.windows, minWindowSeconds: flags.minWindow },
  seed: flags.seed,
  eager: flags.eager,
  layers: flags.layers,
  ceilings: flags.ceilings,
});

/**
 * Opens the engine, does the work, and closes the engine in any case.
 * @param parts of the progress bar: networks that are to come
 * @throws InputError for an engine that is not available, and what the work throws
 */
export async function withSession<T>(
  flags: RunFlags,
  screen: Screen,
  parts: number,
  work: (session: Session, bar: Bar) => Promise<T>,
): Promise<T> {
  // Opening the engine is a part too.
  const bar = await progressBar(parts + 1, screen);
  let session: Session | undefined;
  try {
    bar.part(`opening ${flags.engine === 'auto' ? 'the best engine' : flags.engine}`);
    session = await Session.open(settingsOf(flags, screen.heard), VERSION, {
      chosen: (engine, reason) => {
        bar.say(`engine ${engine}: ${reason}\n`);
      },
      part: (name) => bar.part(name),
    });
    return await work(session, bar);
  } finally {
    bar.stop();
    await session?.close();
  }
}
