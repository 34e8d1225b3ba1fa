// Does a diagnosis with a device say what the record predicts, with an interval, and what a change saves there?

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { builtInDevice } from '../../src/devices/builtIn.js';
import { predict } from '../../src/devices/predict.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { savedTimeOn } from '../../src/diagnosis/predictor.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';

const device = builtInDevice('rtx-4090');
const graph = graphOf(builtIn('densenet121'), 512);
const prediction = predict(graph, profile(graph), device);

describe('a diagnosis with a device', () => {
  const result = diagnose(graph, { device });

  it('has the prediction and its interval, and calls it predicted', () => {
    expect(result.basis).toMatchObject({
      kind: 'predicted',
      milliseconds: prediction.predictedMilliseconds,
      interval: prediction.interval,
    });
  });

  it('has the predicted time of each layer, and limits it by its largest part', () => {
    const slowest = [...prediction.layers].sort((a, b) => b.milliseconds - a.milliseconds)[0]!;
    const { compute, traffic, launches } = slowest.parts;
    const limit = compute >= Math.max(traffic, launches) ? 'compute' : traffic >= launches ? 'memory' : 'launches';
    expect(result.layers[0]).toMatchObject({ name: slowest.name, milliseconds: slowest.milliseconds, limit });
  });

  it('orders findings by the time that they save, and says what their layers take', () => {
    const [first] = result.findings;
    expect(first!.audit).toBe('dense-aggregation');
    expect(first!.saves.milliseconds![0]).toBeGreaterThan(0);
    expect(first!.timeShare).toBeGreaterThan(0);
    expect(first!.timeShare).toBeLessThan(1);
  });

  it('repeats why the interval may not hold', () => {
    const single = diagnose(builtIn('densenet121'), { device });
    expect(single.warnings).toContainEqual(expect.stringContaining('batch 1 (fitted: 512 to 1024)'));
  });
});

describe('the time that a change saves', () => {
  it('is the difference of two predictions, in the interval of the network', () => {
    const after = graphOf(builtIn('vovnet39'), 512);
    const saved = prediction.predictedMilliseconds - predict(after, profile(after), device).predictedMilliseconds;
    const [least, most] = savedTimeOn(device, prediction)(after)!;
    expect(least).toBeCloseTo(saved / (1 + device.error.p90), 9);
    expect(most).toBeCloseTo(saved / (1 - device.error.p90), 9);
  });

  it('is null where the changed network takes longer', () => {
    const after = graphOf(builtIn('vgg16'), 512);
    expect(savedTimeOn(device, prediction)(after)).toBeNull();
  });
});
