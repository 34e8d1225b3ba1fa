// Does a run's record hold its network whole, so that what is counted from it is what was counted?

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { modelNamed } from '../../src/files/modelNamed.js';
import type { Graph } from '../../src/graph.js';
import { countedRecord, countsTo, recordedGraph, type RecordedGraph } from '../../src/measure/recordedGraph.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { readRuns } from '../../src/records/run/readRun.js';
import { syntheticRun } from '../reports/synthetic.js';

const recorded = (graph: Graph): RecordedGraph => {
  const record = recordedGraph(graph, profile(graph, { source: 'onnx' }));
  return JSON.parse(JSON.stringify(record)) as RecordedGraph;
};

describe('the record of a network', () => {
  it.each(['resnet18', 'densenet121', 'vovnet39', 'mobilenet_v2', 'shufflenet_v2_x1_0', 'seresnet50', 'peleenet'])(
    'of %s counts to the same, layer by layer',
    (name) => {
      const graph = graphOf(builtIn(name), 2);
      const back = countedRecord(recorded(graph), { model: name, source: 'onnx' })!;
      expect(back.profile).toEqual(profile(graph, { source: 'onnx' }));
    },
  );

  it('of a file does, too', async () => {
    const model = await modelNamed('fixtures/files/tiny.cfg', { allowUnknown: false });
    const graph = graphOf(model);
    const back = countedRecord(recorded(graph), { model: model.name, source: model.source })!;
    expect(back.profile).toEqual(profile(graph, { source: model.source }));
  });

  it('is not kept of a built-in network', () => {
    const graph = graphOf(builtIn('resnet18'));
    expect(recordedGraph(graph, profile(graph, { source: 'built-in' }))).toBeUndefined();
  });

  it('that is damaged counts to nothing', () => {
    const graph = graphOf(builtIn('resnet18'));
    const record = recorded(graph);
    const { totals } = profile(graph);
    expect(countsTo(record, totals)).toBe(true);
    for (const nodes of [
      record.nodes.slice(1),
      record.nodes.map((node, i) => (i === 3 ? { ...node, op: 'fold' } : node)),
      record.nodes.map((node, i) => (i === 0 ? { ...node, attributes: { ...node.attributes, channels: 1e15 } } : node)),
      record.nodes.map((node, i) => (i === 0 ? { ...node, attributes: { channels: 'many' } } : node)),
    ])
      expect(countsTo({ ...record, nodes }, totals)).toBe(false);
  });
});

describe('a run file', () => {
  const graph = graphOf(builtIn('resnet18'));
  const counted = profile(graph, { source: 'onnx' });
  const run = { ...syntheticRun(counted), graph: recorded(graph) };

  it('is read with its network', () => {
    expect(readRuns(JSON.stringify(run), 'run.json')[0]!.graph).toEqual(run.graph);
  });

  it('whose network counts to something else is refused', () => {
    const nodes = run.graph.nodes.map((node, i) =>
      i === 0 ? { ...node, attributes: { ...node.attributes, channels: 32 } } : node,
    );
    expect(() => readRuns(JSON.stringify({ ...run, graph: { ...run.graph, nodes } }), 'run.json')).toThrow(
      /run\.json: graph is wrong \(it does not count to the totals of the run\)/,
    );
  });
});
