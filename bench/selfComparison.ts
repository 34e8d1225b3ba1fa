// Compares one network with itself, again and again: how often is it called different?

import { loadavg } from 'node:os';
import { builtIn } from '../src/builtIn.js';
import { MEASURE_DEFAULTS } from '../src/measure/measureModels.js';
import { jobOf } from '../src/measure/job.js';
import { measureInSessions } from '../src/measure/sessions.js';
import { imageRatio } from '../src/measure/sessionTimes.js';
import { ratioSentence } from '../src/measure/ratioWords.js';

const [engine = 'auto', times = '50'] = process.argv.slice(2);
const COMPARISONS = Number(times);
const SESSIONS = 3;
/** Of the comparisons, as many may be wrong by chance: the intervals are of 95 %. */
const ALLOWED = 0.05;

const settings = {
  ...MEASURE_DEFAULTS,
  ...{ engine, ceilings: false },
  protocol: { warmups: 3, windows: 5, minWindowSeconds: 0.02 },
};
const load = (): string => loadavg()[0]!.toFixed(1);
const before = load();
let different = 0;
for (let i = 1; i <= COMPARISONS; i++) {
  // The same network twice: two graphs, two sets of weights in memory, other places in every round.
  const jobs = [0, 1].map(() => jobOf(builtIn('resnet20')));
  const [a, b] = await measureInSessions({ ...settings, seed: i }, 'self-comparison', jobs, { sessions: SESSIONS });
  const ratio = imageRatio(b!, a!);
  if (ratio.verdict === 'slower' || ratio.verdict === 'faster') different++;
  console.log(`${String(i).padStart(3)}  ${ratioSentence(ratio)}`);
}
console.log(
  `${different} of ${COMPARISONS} comparisons of resnet20 with itself were called different (${SESSIONS} sessions each, engine ${engine}; load ${before} at the start, ${load()} at the end)`,
);
if (different > Math.max(1, ALLOWED * COMPARISONS)) process.exitCode = 1;
