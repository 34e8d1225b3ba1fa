// Is the committed example what the tool makes of the committed runs? Its data is made again and compared.

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReportData } from '../../../reports/report/reportData.js';
import { capture } from '../../cli/capture.js';

/** All but when and by which version it was made: a run from source has no version. */
function dataIn(path: string): object {
  const [, json] = /id="data">([^]*?)<\/script>/.exec(readFileSync(path, 'utf8'))!;
  return { ...(JSON.parse(json!) as ReportData), madeAt: '', flopscope: '' };
}

it('docs/report.html holds what fixtures/runs give (if not: npm run example)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flopscope-example-'));
  const page = join(folder, 'report.html');
  const runs = readdirSync('fixtures/runs')
    .filter((name) => name.endsWith('.json') && !name.startsWith('guidelines-'))
    .map((name) => `fixtures/runs/${name}`);
  expect((await capture(['report', '--runs', ...runs, '-o', page])).code).toBe(0);
  expect(dataIn('docs/report.html')).toEqual(dataIn(page));
  await rm(folder, { recursive: true });
});
