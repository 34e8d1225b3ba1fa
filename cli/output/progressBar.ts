// Shows progress and time left as a bar on stderr, if stderr is a terminal.

import type { Progress } from '../../src/measure/windows.js';

export interface Bar {
  /** Begins the next part of the work. */
  part(name: string): Progress;
  stop(): void;
}

const SILENT: Bar = { part: () => () => undefined, stop: () => undefined };

/** How much of one part each phase is, in steps of the bar. */
const PHASES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  'idle power': [0, 0],
  ceilings: [0, 100],
  load: [0, 10],
  'warm-up': [10, 25],
  window: [25, 85],
  layers: [85, 100],
  write: [0, 100],
  designs: [0, 100],
  points: [0, 100],
};

export async function progressBar(parts: number, wanted: boolean): Promise<Bar> {
  if (!wanted) return SILENT;
  const { SingleBar } = (await import('cli-progress')).default;
  // The cursor stays visible: after an interrupt nothing could show it again.
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {name}: {phase}  {eta_formatted} left',
    hideCursor: false,
    formatTime: timeLeft,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let begun = -1;
  bar.start(100 * parts, 0, { name: '', phase: '' });
  return {
    part(name) {
      begun++;
      return (phase, done, all) => {
        const [from, to] = PHASES[phase] ?? [0, 0];
        bar.update(100 * begun + from + ((to - from) * done) / all, { name, phase });
      };
    },
    stop: () => {
      bar.stop();
    },
  };
}

/** The library writes INF or NULL for unknown values. */
const timeLeft = (seconds: unknown): string =>
  typeof seconds !== 'number' || !Number.isFinite(seconds)
    ? '?'
    : seconds < 60
      ? `${seconds} s`
      : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
