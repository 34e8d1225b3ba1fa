// Can a detector run? Every kind of head on a small image, with finite outputs and the parameters that its graph counts.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { detectorOn } from '../../src/detectors/table.js';
import type { Engine } from '../../src/engines/engine.js';
import { openEngine } from '../../src/engines/open.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';

let engine: Engine;
beforeAll(async () => {
  const opened = await openEngine('wasm');
  if (!opened.available) throw new Error(opened.problem);
  engine = opened.engine;
});
afterAll(() => engine.close());

it.each([
  ['ssd300', 'vgg11', 300],
  ['ssd300-mobilenet', 'mobilenet_v1', 300],
  ['pelee304', 'peleenet_caffe', 304],
  ['dsod300', 'vovnet27_slim', 64],
  ['refinedet320', 'vgg11', 64],
  ['refinedet320', 'resnet18', 64],
  ['maskrcnn:proposals=7,detections=3,hidden=32', 'ese_vovnet19b_slim_dw', 64],
  ['centermask-lite:detections=3,hidden=32', 'ese_vovnet19b_slim_dw', 64],
])('%s on %s', async (detector, backbone, side) => {
  const graph = graphOf(detectorOn(detector, builtIn(backbone)), 1, [3, side, side]);
  const loaded = await engine.load(graph, { seed: 1, eager: false });
  expect(loaded.params).toBe(profile(graph).totals.params);
  const outputs = await loaded.outputs();
  expect(outputs.map(({ name }) => name)).toEqual(graph.outputs);
  for (const { name, values } of outputs) {
    expect(values.every(Number.isFinite), name).toBe(true);
    expect(
      values.some((value) => value !== 0),
      name,
    ).toBe(true);
  }
  loaded.dispose();
});
