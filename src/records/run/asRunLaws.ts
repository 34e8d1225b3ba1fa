// Checks what a record says of its kernels: their number, providers, times and memory access.

import { modelOfProfile } from '../../builtIn.js';
import { isProvider, PROVIDER_ROWS } from '../../engines/onnxruntime/providers.js';
import type { Graph } from '../../graph.js';
import { accessOf } from '../../measure/asRun.js';
import { graphOfRecord, type RecordedGraph } from '../../measure/recordedGraph.js';
import type { Run } from '../../measure/run.js';
import { graphOf } from '../../model.js';
import { profile } from '../../profile.js';
import { VERSION } from '../../version.js';
import type { Law } from './law.js';

type AsRun = NonNullable<Run['asRun']>;

/** A law of runs that have kernels. */
const law = (
  key: keyof AsRun,
  broken: (asRun: AsRun, run: Run) => boolean,
  says: (asRun: AsRun, run: Run) => string,
): Law => ({
  path: ['asRun', key],
  broken: (run) => run.asRun !== null && broken(run.asRun, run),
  says: (run) => says(run.asRun!, run),
});

export const AS_RUN_LAWS: readonly Law[] = [
  law(
    'kernels',
    ({ kernels, providers }) => kernels !== sum(Object.values(providers)),
    ({ kernels, providers }) => `${kernels}, where its providers ran ${sum(Object.values(providers))}`,
  ),
  law(
    'kernels',
    (asRun, run) => asRun.kernels < fewest(asRun, run),
    (asRun, run) => `${asRun.kernels}, where its layers and other steps need ${fewest(asRun, run)}`,
  ),
  law(
    'providers',
    ({ providers }, run) => {
      const own = ownProvider(run);
      if (own === undefined) return false;
      return own === CPU ? Object.keys(providers).some((name) => name !== CPU) : !((providers[own] ?? 0) > 0);
    },
    (_, run) =>
      ownProvider(run) === CPU ? `the provider was the CPU alone` : `${ownProvider(run)} ran none of the kernels`,
  ),
  law(
    'fused',
    ({ fused }) => fused.some((set) => new Set(set).size < set.length),
    () => 'a set has one node twice',
  ),
  law(
    'fused',
    (asRun, run) => unknownNode(asRun, run) !== undefined,
    (asRun, run) => `the network has no node "${unknownNode(asRun, run)}"`,
  ),
  law(
    'fused',
    (asRun, run) => splitSet(asRun, run) !== undefined,
    (asRun, run) => `"${splitSet(asRun, run)?.[0]}" was timed apart from the nodes that are said to run with it`,
  ),
  law(
    'others',
    ({ others }, { layers }) => others.some(({ milliseconds }) => (milliseconds === null) !== (layers === null)),
    (_, { layers }) =>
      layers === null ? 'they have times, and no layer has' : 'they lack times, and layers have some',
  ),
  law(
    'whole',
    ({ whole }, { layerClock }) => (whole !== null) !== (layerClock === 'host'),
    ({ whole }) =>
      whole === null ? 'the host timed the layers, so it timed their inference' : 'the host timed no layers',
  ),
  law(
    'memoryAccess',
    (asRun, { totals: { memoryAccess } }) => ofNodes(asRun) < 0 || ofNodes(asRun) > memoryAccess.unfused,
    (asRun, { totals: { memoryAccess } }) =>
      `without the other steps it is ${ofNodes(asRun)}, and can be 0 to ${memoryAccess.unfused}`,
  ),
  law(
    'memoryAccess',
    (asRun, run) => (exactly(asRun, run) ?? ofNodes(asRun)) !== ofNodes(asRun),
    (asRun, run) => `without the other steps it is ${ofNodes(asRun)}, where its layers make ${exactly(asRun, run)}`,
  ),
];

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Each layer and each fused set is one kernel at least, and each other step is one. */
const fewest = ({ fused, others }: AsRun, { layers }: Run): number =>
  others.length + Math.max(fused.length, layers?.length ?? 0);

const CPU = PROVIDER_ROWS.cpu.kernels;

/** The provider under its name in profiles; undefined for other engines. */
function ownProvider({ engine, protocol: { settings } }: Run): string | undefined {
  const { provider } = settings;
  return engine === 'onnxruntime' && typeof provider === 'string' && isProvider(provider)
    ? PROVIDER_ROWS[provider].kernels
    : undefined;
}

/**
 * A name that the network does not have. Records of other versions are not checked against built-in
 * networks, whose nodes may have had other names.
 */
function unknownNode({ fused }: AsRun, run: Run): string | undefined {
  if (!run.graph && run.flopscope !== VERSION) return undefined;
  const graph = fused.length === 0 ? undefined : graphOfRun(run);
  const known = new Set(graph?.nodes.map(({ name }) => name));
  return graph && fused.flat().find((name) => !known.has(name));
}

/** A set whose nodes were not timed as one layer. */
function splitSet({ fused }: AsRun, { layers }: Run): readonly string[] | undefined {
  if (layers === null) return undefined;
  const rowOf = new Map(
    layers.flatMap(({ name, absorbed }, i) => [name, ...absorbed].map((node) => [node, i] as const)),
  );
  return fused.find((set) => new Set(set.map((name) => rowOf.get(name) ?? NONE)).size > 1 || !rowOf.has(set[0]!));
}
const NONE = -1;

/** Elements that kernels of counted nodes move. */
const ofNodes = ({ memoryAccess, others }: AsRun): number => memoryAccess - sum(others.map(({ elements }) => elements));

/**
 * Counted from the graph, where each layer is known to be one kernel.
 * @returns undefined where it is not, or where the graph is not that of the run
 */
function exactly({ kernels, others }: AsRun, run: Run): number | undefined {
  const { layers } = run;
  if (layers === null || kernels - others.length !== layers.length) return undefined;
  const graph = graphOfRun(run);
  const known = new Set(graph?.nodes.map(({ name }) => name));
  const sets = layers.map(({ name, absorbed }) => [name, ...absorbed]);
  return graph && sets.flat().every((name) => known.has(name)) ? accessOf(graph, sets) : undefined;
}

/** Several laws ask for the graph of one run. */
const graphs = new WeakMap<Run, { readonly graph: Graph | undefined }>();

function graphOfRun(run: Run): Graph | undefined {
  const known = graphs.get(run) ?? { graph: builtGraph(run) };
  graphs.set(run, known);
  return known.graph;
}

function builtGraph(run: Run): Graph | undefined {
  const { graph, model, input, totals } = run;
  try {
    if (graph) return graphOfRecord(graph as RecordedGraph, model);
    const found = modelOfProfile(run);
    if (!found) return undefined;
    const built = graphOf(found, input.n, [input.c, input.h, input.w]);
    // Another version may have built another network under this name.
    return profile(built).totals.memoryAccess.unfused === totals.memoryAccess.unfused ? built : undefined;
  } catch {
    // A damaged record may state any input.
    return undefined;
  }
}
