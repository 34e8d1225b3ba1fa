// Compares one network with itself by `flopscope compare --measure`: how often is it called different?
// Usage: selfComparison [--times 50] [--network resnet20] [flags of compare --measure]

import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Run } from '../src/measure/run.js';
import { ratioSentence } from '../src/measure/ratioWords.js';
import { imageRatio } from '../src/measure/sessionTimes.js';
import { counted } from '../src/plural.js';

/** Of the comparisons, as many may be wrong by chance: the intervals are of 95 %. */
const ALLOWED = 0.05;
/** The built command, from the folder of this script's bundle. */
const COMMAND = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

const own = { times: { type: 'string', default: '50' }, network: { type: 'string', default: 'resnet20' } } as const;
const { values, tokens } = parseArgs({ options: own, strict: false, allowPositionals: true, tokens: true });
const { times, network } = values as { readonly times: string; readonly network: string };
/** What is no flag of this script goes to the command. */
const given = tokens.flatMap((token) => {
  if (token.kind === 'positional') return [token.value];
  if (token.kind !== 'option' || token.name in own) return [];
  return [token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`];
});

/** The two runs of one call: two graphs, two sets of weights in memory, other places in each round. */
function measured(): readonly [Run, Run] {
  const args = ['compare', network, network, '--measure', '--format', 'json', '--quiet', ...given];
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    console.error(stderr.trim());
    process.exit(status ?? 3);
  }
  const [a, b] = (JSON.parse(stdout) as { readonly runs: readonly Run[] }).runs;
  return [a!, b!];
}

const load = (): string => loadavg()[0]!.toFixed(1);
const before = load();
let different = 0;
let how = '';
for (let i = 1; i <= Number(times); i++) {
  const [a, b] = measured();
  const { windows, minWindowSeconds } = a.protocol;
  how = `${counted(a.sessions.length, 'session')} of ${counted(windows, 'window')} of ${minWindowSeconds} s, engine ${a.engine}`;
  const ratio = imageRatio(b, a);
  if (ratio.verdict === 'slower' || ratio.verdict === 'faster') different++;
  console.log(`${String(i).padStart(3)}  ${ratioSentence(ratio)}`);
}
console.log(
  `${different} of ${times} comparisons of ${network} with itself were called different (${how}; load ${before} at the start, ${load()} at the end)`,
);
if (different > Math.max(1, ALLOWED * Number(times))) process.exitCode = 1;
