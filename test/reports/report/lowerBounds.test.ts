// Does every sentence, ratio and chart say so where a network is counted in part? Two lower bounds have no ratio.

import { describe, expect, it } from 'vitest';
import { amountText, MULT_ADDS, ratioIn, TIME } from '../../../reports/charts/measures.js';
import { relativeCost } from '../../../reports/charts/relativeCost.js';
import { sceneOf } from '../../../reports/charts/scene.js';
import { multAddsAgainstTime } from '../../../reports/charts/costAgainstTime.js';
import { factsOf, sourceOf } from '../../../reports/report/facts.js';
import { reportData } from '../../../reports/report/reportData.js';
import { summary } from '../../../reports/report/summary.js';
import { compareSheet } from '../../../reports/sheets/compareSheet.js';
import { diffSheet, sameSentence } from '../../../reports/sheets/diffSheet.js';
import { markdown } from '../../../reports/text/markdown.js';
import { builtIn } from '../../../src/builtIn.js';
import { compare } from '../../../src/compare.js';
import { diff } from '../../../src/diff/diff.js';
import { movedBy } from '../../../src/diff/groups.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const OMITTED = { ops: [{ op: 'Fancy', nodes: 2, first: '/a/b' }], behind: 3 };

/** A network of which a file holds more than is counted. */
function partly(name: string): Profile {
  const model = builtIn(name);
  return profile({ ...graphOf(model, 1, model.input), omitted: OMITTED });
}

const [whole, other] = [profileOf('resnet18'), profileOf('squeezenet1_1')] as const;
const [part, second] = [partly('vovnet39'), partly('densenet121')] as const;
const made = { madeAt: '2001-01-01', version: '0' };
const dataOf = (profiles: readonly Profile[], timed = false) =>
  reportData({ ...made, profiles, runs: timed ? profiles.map((one) => syntheticRun(one)) : [] });

/** What a reader would take for a ratio: "0.49x". */
const RATIO = /\d\.\d\dx/;

describe('a report', () => {
  it('of two lower bounds makes no ratio in any sentence, table or chart', () => {
    const data = dataOf([part, second]);
    const [view] = data.views;
    expect(view!.headline).toBe(
      'densenet121 cannot be compared with vovnet39: what is counted of each is a lower bound.',
    );
    expect(view!.findings).toEqual([view!.headline]);
    const text = summary(data, []);
    expect(text).not.toMatch(RATIO);
    expect(text).toContain('at least 7.07 G');
    expect(relativeCost.picture(sceneOf(data, 0))).toEqual({
      missing: 'What is counted of these networks are lower bounds, which have no ratios.',
    });
  });

  it('of one lower bound beside whole networks compares the whole ones and says which is left out', () => {
    for (const profiles of [
      [whole, other, part],
      [part, whole, other],
    ]) {
      const [view] = dataOf(profiles).views;
      expect(view!.headline).toMatch(/^squeezenet1_1 costs less than resnet18: 0\.19x the multiply-adds and/);
      expect(view!.explanation).toContain('Among these 2 networks');
      expect(view!.explanation).toMatch(/vovnet39 is not compared: what is counted of it is a lower bound\.$/);
    }
  });

  it('of measured lower bounds compares times alone', () => {
    const data = dataOf([part, second], true);
    const [view] = data.views;
    expect(view!.explanation).toMatch(
      /^densenet121 takes \d+\.\d\dx the time of vovnet39 \(.*\), measured on synthetic/,
    );
    expect(view!.findings[0]).toMatch(
      /what is counted of each is a lower bound; on synthetic .* it takes \d\.\d\dx the time/,
    );
    expect(view!.ranking).toBeNull();
    const scene = sceneOf(data, 0);
    const [first, next] = [scene.subjects[0]!, scene.subjects[1]!];
    expect(ratioIn(MULT_ADDS, next, first)).toBeNull();
    expect(ratioIn(TIME, next, first)).toBeGreaterThan(0);
    expect(amountText(MULT_ADDS, next, 5)).toBe('at least 5');
    expect(amountText(TIME, next, 5)).toBe('5.00 ms');
    expect(multAddsAgainstTime.picture(scene)).toEqual({
      missing: 'This needs two measured networks whose counts are no lower bounds.',
    });
  });

  it('of one network calls its counts lower bounds, and the facts name it', () => {
    const data = dataOf([part]);
    expect(data.views[0]!.headline).toMatch(/^vovnet39 does at least .*: all three are lower bounds\.$/);
    expect(factsOf(data, data.views[0]!)).toContainEqual({
      term: 'Lower bounds',
      text: 'vovnet39: every count is one, and no ratio is made of it',
    });
    expect(sourceOf(data, data.views[0]!)).toMatch(/Counts of vovnet39 are lower bounds\.$/);
    expect(factsOf(dataOf([whole]), dataOf([whole]).views[0]!).map(({ term }) => term)).not.toContain('Lower bounds');
  });
});

describe('a table of comparison', () => {
  it('has "at least" in front of a lower bound and no ratio beside it', () => {
    const text = markdown(compareSheet(compare([whole, part])));
    expect(text).toContain('at least 7.07 G');
    expect(text.split('\n').find((line) => line.includes('vovnet39 |') || line.startsWith('| vovnet39'))).not.toMatch(
      RATIO,
    );
    expect(text).toContain('vovnet39 cannot be compared with resnet18: what is counted of vovnet39 is a lower bound.');
  });
});

describe('a diff', () => {
  it('has no ratio where a side is a lower bound, in totals, groups and words', () => {
    const matched = diff(whole, part);
    expect(new Set(Object.values(matched.diff.totals.ratio))).toEqual(new Set([null]));
    expect(matched.diff.totals.moved.multAdds).toBe(part.totals.multAdds - whole.totals.multAdds);
    for (const { ratio } of movedBy(matched.rows, 'stage', true)) expect(ratio.params).toBeNull();
    for (const by of ['layer', 'stage'] as const) {
      const text = markdown(diffSheet(matched, { by }));
      expect(text).not.toMatch(RATIO);
      expect(text).toContain('in what is counted, ');
      expect(text).toContain('no ratios: they would be of lower bounds.');
    }
    expect(markdown(diffSheet(diff(whole, other), { by: 'layer' }))).toMatch(RATIO);
  });

  it('calls two lower bounds the same only in what is counted', () => {
    expect(sameSentence(diff(part, part).diff)).toMatch(/all \d+ layers that are counted agree\.\nLOWER BOUND/);
  });
});
