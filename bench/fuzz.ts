// Can a spoilt ONNX file break the reader? So many mutations of real files as are asked for: npm run fuzz -- 100000 [first seed].

import { readdirSync, readFileSync } from 'node:fs';
import { mutant } from '../test/importers/onnx/mutate.js';
import { outcomeOf, type Outcome } from '../test/importers/onnx/outcome.js';

const FOLDER = 'fixtures/golden/onnx';
const [count = 100_000, first = 1] = process.argv.slice(2).map(Number);
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => new Uint8Array(readFileSync(`${FOLDER}/${name}`)))
  .filter(({ length }) => length < 50_000);

const outcomes: Record<Outcome | 'fault', number> = { counted: 0, refused: 0, fault: 0 };
let [slowest, slowestSeed, memory] = [0, 0, 0];
const start = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const begun = performance.now();
  try {
    outcomes[outcomeOf(mutant(files, seed))]++;
  } catch (error) {
    outcomes.fault++;
    console.log(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const taken = performance.now() - begun;
  if (taken > slowest) [slowest, slowestSeed] = [taken, seed];
  if (seed % 1000 === 0) {
    memory = Math.max(memory, process.memoryUsage().rss);
    console.log(`${seed - first + 1} mutations: ${JSON.stringify(outcomes)}`);
  }
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${count} mutations of ${files.length} files in ${seconds} s: ${outcomes.counted} counted, ${outcomes.refused} refused, ${outcomes.fault} faults; ` +
    `slowest ${slowest.toFixed(0)} ms (seed ${slowestSeed}), at most ${(memory / 2 ** 20).toFixed(0)} MiB resident`,
);
process.exitCode = outcomes.fault > 0 ? 1 : 0;
