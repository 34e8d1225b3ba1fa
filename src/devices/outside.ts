// Says where a network lies outside of what a device record was fitted on.

import type { Graph } from '../graph.js';
import { FLOAT32_BYTES, type Profile } from '../profile.js';
import type { Device } from './device.js';
import { OP_CLASSES } from './classes.js';

export interface UnseenNetwork {
  readonly graph: Graph;
  readonly counted: Profile;
  /** The share of launches in the predicted time. */
  readonly launchShare: number;
}

/** A record that was fitted on fewer networks says so. */
const FEW = 10;

/** Sentences without a full stop, each a reason why the interval may not hold. */
export function outsideOf(device: Device, { graph, counted, launchShare }: UnseenNetwork): readonly string[] {
  const { fittedOn, name, origin, precision } = device;
  const { input, totals, lowerBound, bytesPerElement: bytes } = counted;
  const side = Math.max(input.h, input.w);
  const multAdds = totals.multAdds / input.n;
  const sentences: string[] = [];
  if (lowerBound) sentences.push('the counts leave ops out, so the time of those is missing: it is a lower bound');
  if (origin === 'guess') sentences.push(`${name} is a guess from peak FLOP/s and bandwidth: nobody has measured it`);
  // Most records are of mixed precision, and run networks of float32 in their own.
  if (bytes !== FLOAT32_BYTES && bytes !== device.bytesPerElement)
    sentences.push(
      `its numbers have ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}, and ${name} is a record of ${precision}: the time is that of the network in ${precision}`,
    );
  if (fittedOn === null) return sentences;
  const { batch, multAdds: work, transformers, networks } = fittedOn;
  const beyond: string[] = [];
  if (input.n < batch[0] || input.n > batch[1]) beyond.push(`batch ${input.n} (fitted: ${range(batch)})`);
  if (side < fittedOn.side[0] || side > fittedOn.side[1])
    beyond.push(`images of ${input.h}x${input.w} (fitted: ${range(fittedOn.side)} pixels)`);
  if (multAdds < work[0] || multAdds > work[1])
    beyond.push(
      `${(multAdds / 1e9).toPrecision(3)} G multiply-adds per image (fitted: ${range(work.map((one) => Number((one / 1e9).toPrecision(2))))} G)`,
    );
  // Of one image launches are much of the time, which the batch says already.
  if (beyond.length === 0 && launchShare > fittedOn.launchShare && launchShare > 0.1)
    beyond.push(
      `launches ${Math.round(100 * launchShare)} % of the time (fitted: up to ${Math.round(100 * fittedOn.launchShare)} %)`,
    );
  sentences.push(...beyond.map((text) => `outside of what ${name} was fitted on: ${text}`));
  if (!transformers && isTransformer(graph))
    sentences.push(
      `${name} was fitted on convolutional networks only: of transformers such records were 23 % off (median)`,
    );
  if (networks < FEW) sentences.push(`${name} was fitted on ${networks} networks, which are few`);
  return sentences;
}

/** One sentence for each record: "outside of what a was fitted on: batch 1, images of 64x64". */
export function joined(sentences: readonly string[]): readonly string[] {
  const groups = new Map<string, string>();
  for (const sentence of sentences) {
    const [start = sentence] = /^outside of what .* was fitted on: /.exec(sentence) ?? [];
    const before = groups.get(start);
    groups.set(start, before === undefined ? sentence : `${before}, ${sentence.slice(start.length)}`);
  }
  return [...new Set(groups.values())];
}

const range = ([from, to]: readonly number[]): string => (from === to ? String(from) : `${from} to ${to}`);

/** Attention multiplies two computed matrices after a softmax. */
export function isTransformer({ nodes }: Graph): boolean {
  const softmaxes = new Set(nodes.filter(({ op }) => OP_CLASSES[op].traffic === 'softmax').map(({ name }) => name));
  return nodes.some(
    ({ op, inputs }) => OP_CLASSES[op].flops === 'linearCompute' && inputs.some((name) => softmaxes.has(name)),
  );
}
