// Are the fixes that the studio offers what they say: networks that build, without the finding or with less of it?

import { describe, expect, it } from 'vitest';
import { advice, type AdvisedFinding } from '../../../reports/studio/core/advice.js';
import { OWN, type Source } from '../../../reports/studio/state/state.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const findingsOf = async (source: Source): Promise<readonly AdvisedFinding[]> =>
  (await advice({ source, options: OWN, files: [] })).findings;
const yaml = (text: string): Source => ({ kind: 'yaml', name: 'net.yaml', text });
const found = (findings: readonly AdvisedFinding[], audit: string): AdvisedFinding =>
  findings.find((finding) => finding.audit === audit)!;

describe('fixes', () => {
  it('a network that copies features again and again becomes one that aggregates once', async () => {
    const finding = found(await findingsOf({ kind: 'model', name: 'densenet121' }), 'dense-aggregation');
    const [fix] = finding.fixes;
    expect(fix!.words).toBe('Aggregate once');
    const { totals } = profile(graphOf(readConfig(fix!.text, 'fixed.yaml')));
    expect(totals.memoryAccess.unfused / 115_545_704).toBeCloseTo(fix!.ratios.memoryAccess, 12);
    expect(fix!.ratios.memoryAccess).toBeLessThan(0.4);
    expect(Math.abs(fix!.ratios.multAdds - 1)).toBeLessThan(0.03);
    expect((await findingsOf(yaml(fix!.text))).some(({ audit }) => audit === 'dense-aggregation')).toBe(false);
  });

  it('widths become multiples of 8 where they stand, and the rest of the text stays', async () => {
    const text = `# mine
name: odd # a remark
input: 3x64x64
layers:
  - { conv: { channels: 30, kernel: 3, padding: 1 } } # thirty
  - { conv: { channels: 41, kernel: 3, padding: 1 } }
  - { conv: { channels: 64, kernel: 3, padding: 1 } }
  - { globalAvgPool: {} }
  - flatten
  - { linear: { features: 10 } }
`;
    const finding = found(await findingsOf(yaml(text)), 'misaligned-channels');
    const [fix] = finding.fixes;
    expect(fix!.text).toBe(text.replace('channels: 30', 'channels: 32').replace('channels: 41', 'channels: 48'));
    expect(fix!.ratios.multAdds).toBeGreaterThan(1);
  });

  it('of a built-in model are configs of its family', async () => {
    const findings = await findingsOf({ kind: 'model', name: 'V-99-eSE' });
    const texts = findings.flatMap(({ fixes }) => fixes.map(({ text }) => text));
    for (const text of texts) expect(() => graphOf(readConfig(text, 'fixed.yaml'))).not.toThrow();
  });

  it('a network without findings has none', async () => {
    expect(await findingsOf(yaml('input: 3x32x32\nlayers:\n  - { conv: { channels: 64, kernel: 3 } }\n'))).toEqual([]);
  });
});
