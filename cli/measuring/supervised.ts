// The process that measures: it runs one command, and tells its parent what to show.

import pc from 'picocolors';
import type { Bar } from '../output/bar.js';
import { run } from '../run.js';
import type { Screen } from '../screen.js';
import type { MeasuringMessage } from './messages.js';

const [shows = '{}', ...args] = process.argv.slice(2);
const { width, colours, progress } = JSON.parse(shows) as {
  readonly width?: number;
  readonly colours: boolean;
  readonly progress: Screen['progress'];
};

// The parent has ended, so no one reads a result.
process.on('disconnect', () => process.exit(0));

const say = (spoken: MeasuringMessage): boolean | undefined => process.send?.(spoken);

const bar = (parts: number, seconds?: number): Bar => {
  say({ kind: 'bar', parts, ...(seconds === undefined ? {} : { seconds }) });
  return {
    parts: (number) => void say({ kind: 'parts', parts: number }),
    part(name, expected) {
      say({ kind: 'part', name, ...(expected ? { expected } : {}) });
      return (phase, done, all, network) =>
        void say({ kind: 'step', phase, done, all, ...(network === undefined ? {} : { network }) });
    },
    say: (text) => void say({ kind: 'err', text }),
    stop: () => void say({ kind: 'stop' }),
  };
};

const { bold, dim, yellow } = pc.createColors(colours);
const code = await run(args, {
  out: (text) => void say({ kind: 'out', text }),
  err: (text) => void say({ kind: 'err', text }),
  look: { bold, dim, warn: yellow, width },
  progress,
  ...(progress === 'none' ? {} : { bar }),
});
process.send?.({ kind: 'end', code } satisfies MeasuringMessage, () => process.exit(code));
