// Distinguishes copies of one parameter from parameters that start equal. PyTorch stores both once.

import type { OnnxNode } from './messages.js';

/** "layers.0.norm.bias": a copy with the name of a module's parameter is that parameter. */
const OF_MODULE = /^[A-Za-z_]\w*(\.\w+)+$/;

/**
 * Names of Identity outputs that are another tensor's parameter, with its name. The exporter
 * transposes the weights of a module each time that the module runs, and writes the results, which
 * are equal, as one tensor and copies. It names the runs "mlp/fc1", "mlp/fc1_1", "mlp/fc1_2";
 * copies that other modules read are parameters of their own.
 */
export function copiesOf(nodes: readonly OnnxNode[], stored: ReadonlySet<string>): ReadonlyMap<string, string> {
  const copies = nodes.filter(({ opType, input }) => opType === 'Identity' && stored.has(input[0]!));
  if (copies.length === 0) return new Map();
  const modules = modulesOfReaders(nodes);
  const result = new Map<string, string>();
  /** The tensor that each module reads, by the source of the copies and the module. */
  const owners = new Map<string, string>();
  const keyOf = (source: string, module: string): string => JSON.stringify([source, module]);
  const sources = copies.map(({ input }) => [input[0]!, input[0]!] as const);
  for (const [source, output] of [...sources, ...copies.map(({ input, output }) => [input[0]!, output[0]!] as const)]) {
    const module = modules.get(output);
    if (module === undefined || (OF_MODULE.test(output) && source !== output)) continue;
    const owner = owners.get(keyOf(source, module.replace(/_\d+$/, '')));
    if (owner !== undefined && owner !== output) result.set(output, owner);
    else owners.set(keyOf(source, module), output);
  }
  return result;
}

/** "/mlp/fc1" for the first call "/mlp/fc1/MatMul" that reads a value. */
function modulesOfReaders(nodes: readonly OnnxNode[]): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const { opType, name = '', input } of nodes) {
    const end = name.lastIndexOf('/');
    if (opType === 'Identity' || end < 1) continue;
    for (const value of input) if (!modules.has(value)) modules.set(value, name.slice(0, end));
  }
  return modules;
}
