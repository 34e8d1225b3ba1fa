// Makes calls of the layers of a Caffe net. A blob that is written in place gets a new key.

import type { ConversionStep } from '../kit/call.js';
import type { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';

import { isInput, type CaffeCall, type CaffeLayer, type CaffeNet } from './layers.js';
import { batchNormWithScale, isPlainScale } from './norms.js';

export interface Wired {
  /** Of inputs by the names of their blobs. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly steps: readonly ConversionStep<CaffeCall>[];
  /** Keys of blobs that nothing reads, except layers that look at results. */
  readonly outputs: readonly string[];
}

type Fail = (at: number, sentence: string) => InputError;

/** Layers that learn, score or do nothing. They have no cost. */
const DROPPED =
  /Loss(Layer|OHEM)?$|^(SoftmaxWithLoss|Accuracy|Silence|HDF5Output|DetectionEvaluate|DetectionEvaluateAll)$/;

/** The same in Python, as Faster R-CNN has it: losses, and what they are computed from. */
const LEARNING = /Loss|AnchorTarget/;

const isDropped = ({ type, message }: CaffeLayer): boolean =>
  DROPPED.test(type) || (type === 'Python' && LEARNING.test(message.message('python_param').text('layer', '')));

/** Layers that only look at results. The blobs that they read are outputs of the network. */
const BEHIND: ReadonlySet<string> = new Set(['DetectionOutput', 'Python', 'Proposal', 'ArgMax', 'PriorBox']);

/** Whether a call computes nothing that the network goes on with. */
export const looksOnly = ({ op }: CaffeCall): boolean => BEHIND.has(op);

/**
 * @throws InputError at the layer that reads what no layer before it makes, or makes what there is
 * already
 */
export function wired({ inputs, layers }: CaffeNet, batch: number | undefined, fail: Fail): Wired {
  const current = new Map<string, string>();
  const versions = new Map<string, number>();
  const fresh = (blob: string): string => {
    const version = (versions.get(blob) ?? 0) + 1;
    versions.set(blob, version);
    const key = version === 1 ? blob : `${blob} (${version})`;
    current.set(blob, key);
    return key;
  };
  const given = new Map<string, string>();
  const make = (blob: string, at: number, title: string): string => {
    if (current.has(blob)) throw fail(at, `${title} makes ${shown(blob)}, which there is already`);
    return fresh(blob);
  };
  for (const { name, at } of inputs) given.set(name, make(name, at, 'an input'));
  const calls: CaffeCall[] = [];
  /**
   * Blobs of layers that learn or score. A layer that reads one is no part of the network that is
   * tested.
   */
  const learning = new Set<string>();
  for (const layer of layers) {
    const { type, bottoms, tops, message } = layer;
    const title = `the layer ${shown(layer.name)} (${type})`;
    if (isInput(layer)) {
      for (const top of tops) given.set(top, make(top, message.at, title));
      continue;
    }
    if (isDropped(layer) || bottoms.some((blob) => learning.has(blob) && !current.has(blob))) {
      for (const top of tops) learning.add(top);
      continue;
    }
    const reads = bottoms.map((blob) => {
      const key = current.get(blob);
      if (key === undefined) throw fail(message.at, `${title} reads ${shown(blob)}, which no layer before it makes`);
      return key;
    });
    const made = tops.map((blob, i) =>
      bottoms.includes(blob) && tops.indexOf(blob) === i ? fresh(blob) : make(blob, message.at, title),
    );
    calls.push({ op: type, name: layer.name, layer, batch, inputs: reads, outputs: made });
  }
  return { inputs: given, ...joined(calls) };
}

/** Norms and the scales behind them as one step; keys that are outputs. */
function joined(calls: readonly CaffeCall[]): Pick<Wired, 'steps' | 'outputs'> {
  const readers = new Map<string, CaffeCall[]>();
  for (const call of calls) for (const key of call.inputs) readers.set(key!, [...(readers.get(key!) ?? []), call]);
  const partnerOf = (call: CaffeCall): CaffeCall | undefined => {
    if (call.op !== 'BatchNorm') return undefined;
    const [reader, ...others] = readers.get(call.outputs[0] ?? '') ?? [];
    return reader && others.length === 0 && isPlainScale(reader.layer) ? reader : undefined;
  };
  const done = new Set<CaffeCall>();
  const steps: ConversionStep<CaffeCall>[] = [];
  for (const call of calls) {
    const partner = partnerOf(call);
    if (partner) {
      done.add(partner);
      const whole = { ...call, outputs: partner.outputs };
      steps.push({ call: whole, whole: batchNormWithScale(partner), parts: [call, partner] });
    } else if (!done.has(call)) steps.push({ call });
  }
  const unread = (key: string): boolean => (readers.get(key) ?? []).every(looksOnly);
  return { steps, outputs: calls.flatMap((call) => call.outputs.filter(unread)) };
}
