// A report predicts each network once on each device, also where its diagnosis needs the same times.

import { expect, it, vi } from 'vitest';
import { reportOf } from '../../../reports/report/reportOf.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import * as predicting from '../../../src/devices/predict.js';

const { asked } = vi.hoisted(() => ({ asked: [] as string[] }));
vi.mock('../../../src/devices/predict.js', async (original) => {
  const real: typeof predicting = await original();
  return {
    ...real,
    predict: (...[graph, profile, device, known]: Parameters<typeof real.predict>) => {
      asked.push(`${graph.name} ${device.name}`);
      return real.predict(graph, profile, device, known);
    },
  };
});

it('predicts one network once on each device', () => {
  const devices = ['rtx-3090', 'rtx-4090'].map((name) => builtInDevice(name));
  const { data } = reportOf([builtIn('resnet18')], { devices });
  const [view] = data.views;
  // Findings ask for further predictions, of changed networks and on the first device alone.
  expect(asked.slice(0, 2)).toEqual(['resnet18 rtx-3090', 'resnet18 rtx-4090']);
  expect(asked.slice(2)).not.toContain('resnet18 rtx-4090');
  const changed = view!.answer!.findings.length;
  expect(asked.filter((one) => one === 'resnet18 rtx-3090').length).toBeLessThanOrEqual(1 + changed);
  // The table and the diagnosis tell the same time.
  const sum = view!.answer!.layers.reduce((all, [, ms]) => all + (ms ?? 0), 0);
  expect(sum).toBeCloseTo(view!.predicted!.rows[0]!.milliseconds, 6);
});
