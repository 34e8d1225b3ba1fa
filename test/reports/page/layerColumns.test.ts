// Does the time of a layer stand directly behind its share, before its counts?

import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../reports/report/answer.js';
import { layerColumns } from '../../../reports/page/table/layerColumns.js';

const answer = (kind: Answer['kind']): Answer => ({ kind, basis: '', how: '', findings: [], layers: [] });
const first = (timed: boolean, one?: Answer): readonly string[] => {
  const keys = layerColumns(timed, 4, true, one).map(({ key }) => key);
  return keys.slice(0, keys.indexOf('multAdds'));
};

describe('the columns before the counts', () => {
  it.each([
    ['measured', true, ['name', 'share', 'milliseconds', 'predicted', 'limit', 'kind']],
    ['predicted', false, ['name', 'share', 'devicePredicted', 'limit', 'kind']],
    ['counts', false, ['name', 'share', 'intensity', 'kind']],
  ] as const)('of one network, %s', (kind, timed, keys) => {
    expect(first(timed, answer(kind))).toEqual(keys);
  });

  it('of one of several networks', () => {
    expect(first(true)).toEqual(['name', 'milliseconds', 'predicted', 'kind']);
    expect(first(false)).toEqual(['name', 'kind']);
  });
});
