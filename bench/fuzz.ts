// Fuzzes the readers: npm run fuzz -- 100000 [seed] [onnx|pt2|tflite|keras|h5|pb|cfg|prototxt] [folder].

import { readdirSync, readFileSync } from 'node:fs';
import { readCaffe } from '../src/importers/caffe/readCaffe.js';
import { readDarknet } from '../src/importers/darknet/readDarknet.js';
import type { Model } from '../src/model.js';
import { CAFFE_NETS } from '../test/importers/caffe/nets.js';
import { DARKNET_NETS } from '../test/importers/darknet/nets.js';
import { spoilt } from '../test/importers/mutateText.js';
import * as keras from '../test/importers/keras/mutate.js';
import { outcomeOf as kerasOutcome } from '../test/importers/keras/outcome.js';
import * as onnx from '../test/importers/onnx/mutate.js';
import { outcomeOf as onnxOutcome, type Outcome } from '../test/importers/onnx/outcome.js';
import { openArchive } from '../src/importers/zip/archive.js';
import { programText } from '../src/importers/pt2/archive.js';
import { bytesSource } from '../src/importers/modelFile.js';
import { mutant as programMutant } from '../test/importers/pt2/mutate.js';
import { DECOMPOSED, WHOLE } from '../test/importers/pt2/network.js';
import { outcomeOf as programOutcome } from '../test/importers/pt2/outcome.js';
import { archiveOf, programOf } from '../test/importers/pt2/programOf.js';
import { fixtures as tfliteFixtures } from '../test/importers/tflite/fixtures.js';
import * as tflite from '../test/importers/tflite/mutate.js';
import { textOutcome } from '../test/importers/textOutcome.js';
import { outcomeOf as tfliteOutcome } from '../test/importers/tflite/outcome.js';
import * as tensorflow from '../test/importers/tfGraph/mutate.js';
import { outcomeOf as tensorflowOutcome } from '../test/importers/tfGraph/outcome.js';

interface Kind {
  readonly folder?: string;
  /** Files that the tests write themselves. */
  readonly fixtures: readonly Uint8Array[];
  mutant(files: readonly Uint8Array[], seed: number): Uint8Array;
  outcomeOf(bytes: Uint8Array, seed: number): Outcome;
}

let programs: readonly string[] | undefined;
/** The JSON of each archive, read once. */
const programsOf = (files: readonly Uint8Array[]): readonly string[] =>
  (programs ??= files.map((bytes) => programText(openArchive(bytesSource(bytes)))));

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A kind of text, with networks of our own. */
const textKind = (nets: readonly string[], read: (text: string, name: string) => Model, name: string): Kind => ({
  fixtures: nets.map(encoded),
  mutant: (files, seed) => encoded(spoilt(files.map(decoded), seed)),
  outcomeOf: (bytes) => textOutcome(read, decoded(bytes), name),
});

const KINDS: Readonly<Record<string, Kind>> = {
  onnx: { folder: 'fixtures/golden/onnx', fixtures: [], mutant: onnx.mutant, outcomeOf: (bytes) => onnxOutcome(bytes) },
  pt2: {
    fixtures: [WHOLE, DECOMPOSED].map((network) => archiveOf(programOf(network))),
    mutant: (files, seed) => programMutant(programsOf(files), seed),
    outcomeOf: (bytes) => programOutcome(bytes),
  },
  tflite: {
    fixtures: tfliteFixtures(),
    mutant: tflite.mutant,
    outcomeOf: (bytes, seed) => tfliteOutcome(bytes, seed % 2 === 0),
  },
  keras: { fixtures: [], mutant: keras.mutant, outcomeOf: (bytes) => kerasOutcome(bytes) },
  h5: { fixtures: [], mutant: keras.mutant, outcomeOf: (bytes) => kerasOutcome(bytes) },
  pb: { fixtures: tensorflow.GRAPHS, mutant: tensorflow.mutant, outcomeOf: (bytes) => tensorflowOutcome(bytes) },
  cfg: textKind(DARKNET_NETS, readDarknet, 'net.cfg'),
  prototxt: textKind(CAFFE_NETS, readCaffe, 'net.prototxt'),
};

const [count = 100_000, first = 1] = process.argv.slice(2, 4).map(Number);
const [ending = 'onnx', folder = KINDS[ending]?.folder] = process.argv.slice(4);
const kind = KINDS[ending]!;
const files = [
  ...kind.fixtures,
  ...(folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    .filter((name) => name.endsWith(`.${ending}`))
    .map((name) => new Uint8Array(readFileSync(`${folder!}/${name}`)))
    .filter(({ length }) => length < 50_000),
];

const outcomes: Record<Outcome | 'fault', number> = { counted: 0, refused: 0, fault: 0 };
let [slowest, slowestSeed, memory] = [0, 0, 0];
const start = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const begun = performance.now();
  try {
    outcomes[kind.outcomeOf(kind.mutant(files, seed), seed)]++;
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
