// Does the page of one network lead with its diagnosis, in figures that its tables have?

import { describe, expect, it } from 'vitest';
import { answerOf, answerSentences, concentration, type Answer } from '../../../reports/report/answer.js';
import { reportData, type ReportInput } from '../../../reports/report/reportData.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { predict } from '../../../src/devices/predict.js';
import { diagnosed } from '../../../src/diagnosis/diagnose.js';
import { graphOf } from '../../../src/model.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const device = builtInDevice('rtx-4090');
const input = (names: readonly string[], more: Partial<ReportInput> = {}): ReportInput => ({
  ...{ madeAt: '2001-01-01T00:00:00Z', version: '0', profiles: names.map((name) => profileOf(name)), runs: [] },
  diagnose: ({ model, input: { n, c, h, w } }, run) =>
    diagnosed(graphOf(builtIn(model), n, [c, h, w]), run ? { run } : {}),
  ...more,
});

describe('the page of one network', () => {
  it('has the finding with the largest effect as its headline, and a sentence for each', () => {
    const [view] = reportData(input(['densenet121'])).views;
    expect(view!.headline).toMatch(/^densenet121: concats copy the same features again and again\. The fix saves /);
    const { findings, folded } = view!.answer!;
    expect(folded).toMatch(/^Findings count \d+ batch norms as folded into the layers before them/);
    expect(view!.findings).toHaveLength(findings.length + 1);
    expect(view!.findings.at(-1)).toBe(folded);
    expect(view!.explanation).toContain('Counts alone, not measured');
  });

  it('without a finding says where the cost sits, and that nothing was found', () => {
    const [view] = reportData(input(['resnet50'])).views;
    expect(view!.headline).toMatch(/^resnet50: \d+ of \d+ layers make [\d.]+ % of the unfused memory access/);
    expect(view!.explanation).toContain('No audit found anything to change.');
  });

  it('does not lead with a peak of memory, which is no time', () => {
    const [view] = reportData(input(['vovnet39'])).views;
    expect(view!.answer!.findings.map(({ audit }) => audit)).toEqual(['activation-peak']);
    expect(view!.headline).toMatch(/^vovnet39: .* of the unfused memory access/);
    expect(view!.explanation).toContain('No audit found anything that would make it faster.');
  });

  it('says measured where the layers were timed, with the share of time that a finding concerns', () => {
    const run = syntheticRun(profileOf('densenet121'));
    const [view] = reportData(input(['densenet121'], { runs: [run] })).views;
    expect(view!.answer!.kind).toBe('measured');
    expect(view!.headline).toMatch(/Its layers take [\d.]+ % of the measured time\./);
    const times = view!.answer!.layers.reduce((sum, [, milliseconds]) => sum + (milliseconds ?? 0), 0);
    expect(times).toBeCloseTo(
      run.layers!.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      9,
    );
  });

  it('leads with a finding only where its effect is a tenth or more, and else with where the time sits', () => {
    const whole = answerOf(diagnosed(builtIn('densenet121'), { run: syntheticRun(profileOf('densenet121')) }));
    const [first] = whole.findings.filter(({ memoryOnly }) => !memoryOnly);
    const at = (effect: number) =>
      answerSentences('x', {
        ...whole,
        basis: 'Measured: 9 ms.',
        findings: [{ ...first!, effect, timeShare: effect }],
      });
    const sits = concentration(whole);
    expect(at(0.1)[0]).toMatch(/^x: concats copy the same .* Its layers take 10\.0 % of the measured time\./);
    expect(at(0.1)[1]).toBe(`${sits} Measured: 9 ms.`);
    expect(at(0.004)[0].toLowerCase()).toBe(`x: ${sits.toLowerCase()}`);
    expect(at(0.004)[1]).toMatch(
      /^Largest finding: concats copy .* take 0\.4 % of the measured time\. .* Measured: 9 ms\.$/,
    );
  });

  it('has effects in the order of its findings, none above the time of its layers', () => {
    const run = syntheticRun(profileOf('densenet121'));
    for (const options of [{}, { device }, { run }]) {
      const effects = answerOf(diagnosed(builtIn('densenet121'), options)).findings.map(({ effect }) => effect);
      expect(effects.length).toBeGreaterThan(1);
      expect(effects).toEqual([...effects].sort((a, b) => b - a));
    }
    for (const { effect, timeShare } of answerOf(diagnosed(builtIn('densenet121'), { run })).findings)
      expect(effect).toBeLessThanOrEqual(timeShare ?? 1);
  });

  it('is not what several networks get', () => {
    expect(reportData(input(['densenet121', 'resnet50'])).views[0]!.answer).toBeUndefined();
  });
});

describe('the layers that are spoken of', () => {
  const answer = (shares: readonly number[], kind: Answer['kind'] = 'measured'): Answer => ({
    ...{ kind, basis: '', how: '', findings: [] },
    layers: shares.map((share) => [share, 1, 'memory']),
  });

  it('are the fewest that make up two fifths', () => {
    const shares = [0.3, 0.2, ...Array.from({ length: 50 }, () => 0.01)];
    expect(concentration(answer(shares))).toBe(
      '2 of 52 layers take 50.0 % of the measured time of the layers; all of them wait for memory.',
    );
  });

  it('are called spread where a quarter of them does not make it up', () => {
    const even = Array.from({ length: 20 }, () => 0.05);
    expect(concentration(answer(even, 'counts'))).toMatch(
      /^The cost is spread: the 5 largest of 20 layers make 25.0 %/,
    );
  });

  it('by counts say nothing of a limit', () => {
    const counts = {
      ...answer([0.5, 0.3, 0.2], 'counts'),
      layers: [0.5, 0.3, 0.2].map((share) => [share, null, null] as const),
    };
    expect(concentration(counts)).toBe('1 of 3 layers makes 50.0 % of the unfused memory access.');
  });

  it('may be one', () => {
    expect(concentration(answer([0.9, 0.04, 0.03, 0.03], 'predicted'))).toBe(
      '1 of 4 layers takes 90.0 % of the predicted time of the layers; it waits for memory.',
    );
  });

  it('have the shares of the diagnosis', () => {
    const whole = diagnosed(builtIn('vovnet39'), { device });
    const stored = answerOf(whole);
    expect(stored.layers.reduce((sum, [share]) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(answerSentences('vovnet39', stored).join(' ')).toContain('Predicted, not measured');
  });
});

describe('predicted times', () => {
  const both = input(['resnet50', 'densenet121'], {
    devices: [device],
    predict: (counted) => [predict(graphOf(builtIn(counted.model)), counted, device)],
  });

  it('have an interval each, and stand for no measurement', () => {
    const [view] = reportData(both).views;
    expect(view!.predicted!.head).toContain('predicted ms');
    for (const { milliseconds, interval } of view!.predicted!.rows) {
      expect(interval[0]).toBeLessThan(milliseconds);
      expect(interval[1]).toBeGreaterThan(milliseconds);
    }
    expect(view!.explanation).toMatch(/No time was measured for this report\. Predicted: On rtx-4090/);
    expect(view!.setting).toBeNull();
  });

  it('do not touch the sentences of what was measured', () => {
    const runs = ['resnet50', 'densenet121'].map((name) => syntheticRun(profileOf(name)));
    const [view] = reportData({ ...both, runs }).views;
    expect(view!.predicted!.rows).toHaveLength(2);
    expect(view!.explanation).not.toContain('Predicted');
  });
});
