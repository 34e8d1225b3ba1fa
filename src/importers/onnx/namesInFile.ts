// Reads the module path of a call from its name, its metadata or the name of its weight.

import type { StageAndBlock } from '../../builder.js';
import type { NamesInFile } from '../kit/naming.js';
import type { OnnxCall } from './onnxCall.js';

/** @param weights names of parameters */
export const namesInFile = (weights: ReadonlySet<string>): NamesInFile<OnnxCall> => ({
  pathOf: (call) => pathOf(call, weights),
  hasWeights: ({ inputs }) => inputs.some((name) => weights.has(name)),
  placeOf: placeStated,
});

const said = ({ node }: OnnxCall, key: string): string | undefined =>
  node.metadataProps.find((entry) => entry.key === key)?.value;

/** A file that flopscope wrote says it in the metadata of its nodes. */
function placeStated(call: OnnxCall): StageAndBlock | undefined {
  const [stage, block] = [said(call, 'flopscope.stage'), said(call, 'flopscope.block')];
  return stage === undefined && block === undefined ? undefined : { stage: stage ?? '', block: block ?? '' };
}

/**
 * "/layer1/layer1.0/conv1/Conv" is layer1, 0, conv1; a flat name is looked for in its weights:
 * "layer1.0.conv1.weight".
 */
function pathOf(call: OnnxCall, weights: ReadonlySet<string>): readonly string[] | undefined {
  const { name } = call;
  // A convolution that took in a norm has the norm's path: its weight has its own.
  const own = hasFoldedNorm(call) ? pathOfWeight(call, weights) : undefined;
  if (own) return own;
  const scopes = said(call, 'pkg.torch.onnx.name_scopes');
  if (scopes !== undefined) return scopesOf(scopes);
  if (name.includes('/')) return modulesOf(name.split('/').filter(Boolean).slice(0, -1));
  return pathOfWeight(call, weights);
}

function pathOfWeight({ inputs }: OnnxCall, weights: ReadonlySet<string>): readonly string[] | undefined {
  const weight = inputs.find((one) => weights.has(one) && /[^.]\.[^.]+$/.test(one) && !one.includes(':'));
  return weight?.split('.').slice(0, -1);
}

/** The optimiser of PyTorch's dynamo exporter writes which rules it applied to a node. */
export const hasFoldedNorm = (call: OnnxCall): boolean =>
  said(call, 'pkg.onnxscript.rewriter.rule_name')?.includes('FuseBatchNormInto') === true;

/**
 * PyTorch's dynamo exporter lists full paths, the node itself last: ['', 'layer1', 'layer1.0',
 * 'layer1.0.conv1', 'conv2d'].
 */
function scopesOf(scopes: string): readonly string[] {
  const listed = [...scopes.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
  return (listed.at(-2) ?? '').split('.').filter(Boolean);
}

/**
 * A module in a numbered list repeats its list's name: layer1 / layer1.0 is the module 0 of layer1.
 */
function modulesOf(segments: readonly string[]): readonly string[] {
  const modules: string[] = [];
  let before = '';
  for (const segment of segments) {
    const repeats = before !== '' && segment.startsWith(`${before}.`);
    modules.push(...(repeats ? segment.slice(before.length + 1) : segment).split('.'));
    before = segment;
  }
  return modules;
}
