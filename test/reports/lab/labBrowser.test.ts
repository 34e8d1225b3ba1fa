// Do the lab's pages work in a real browser? Chromium without network: every picture drawn, nothing cut, no complaint of the console.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageParts } from '../../../reports/report/pageParts.js';
import { labDocument, type LabRecord } from '../../../reports/lab/labDocument.js';
import { labPage } from '../../../reports/lab/page.js';
import { readLab } from '../../../src/records/lab/readLab.js';
import { capture } from '../../cli/capture.js';
import { CHROMIUM, launch, openTab, readThrough, shoot, type Tab } from '../page/chromium.js';
import { HOSTILE } from '../hostile.js';

const SHOTS = 'out/report-shots';
const MEASURED = 'fixtures/runs/guidelines-amd-epyc-onnxruntime.json';

let tab: Tab;
let folder: string;
let parts: Awaited<ReturnType<typeof pageParts>>;

const measured = readLab(readFileSync(MEASURED, 'utf8'), MEASURED, 'flopscope.guidelines/1');
const counted = async (...args: readonly string[]): Promise<LabRecord> =>
  JSON.parse((await capture([...args, '--format', 'json'])).out) as LabRecord;

/** Counted once for all the sizes at which its page is read. */
function once(record: () => Promise<LabRecord>): () => Promise<LabRecord> {
  let made: Promise<LabRecord> | undefined;
  return () => (made ??= record());
}

const RECORDS: readonly (readonly [name: string, record: () => Promise<LabRecord>])[] = [
  ['guidelines', () => Promise.resolve(measured)],
  ['osa', once(() => counted('study', 'osa', '--no-measure'))],
  ['vovnet-tables', once(() => counted('study', 'vovnet-tables', '--only', '2,3,4'))],
];

function write(name: string, record: LabRecord): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, labPage({ record, madeAt: '2001-01-01T00:00:00Z', version: '0' }, parts));
  return path;
}

const noOverflow = async (page: Page): Promise<void> => {
  const [wanted, there] = await page.evaluate<[number, number]>(
    '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
  );
  expect(there).toBeLessThanOrEqual(wanted);
};

/** Every picture has been drawn: some pixel of its canvas is not empty. */
const blank = (page: Page): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('canvas')].filter((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return !data.some((value) => value > 0);
  }).map((canvas) => canvas.closest('figure').id)`);

describe.skipIf(CHROMIUM === undefined && !process.env['CI'])("the lab's pages in Chromium", () => {
  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error('no Chromium: .ci/report-packages installs it');
    folder = await mkdtemp(join(tmpdir(), 'flopscope-lab-'));
    [tab, parts] = await Promise.all([launch().then(openTab), pageParts('lab')]);
  });
  afterAll(async () => {
    await tab.close();
    await rm(folder, { recursive: true });
  });

  describe.each(RECORDS)('%s', (name, recordOf) => {
    it.each([
      [1440, 'light'],
      [1440, 'dark'],
      [390, 'light'],
    ] as const)('reads well at %d pixels, %s: nothing cut, no picture empty', async (width, colorScheme) => {
      const record = await recordOf();
      const path = write(name, record);
      expect(statSync(path).size).toBeLessThan(1e6);
      const { page, complaints } = await tab.show(pathToFileURL(path).href, { colorScheme, width });
      await readThrough(page);
      await noOverflow(page);
      const { sections } = labDocument(record);
      expect(await page.locator('canvas').count()).toBe(sections.filter(({ picture }) => picture).length);
      expect(await page.locator('main h2').count()).toBe(sections.length);
      expect(await blank(page)).toEqual([]);
      await shoot(page, `${SHOTS}/lab-${name}-${width}-${colorScheme}`);
      expect(complaints).toEqual([]);
    });
  });

  it('changes its theme, saves a picture, opens its data and gives the record back as it was', async () => {
    const { page, complaints } = await tab.show(pathToFileURL(write('controls', measured)).href);
    await readThrough(page);
    const surface = () => page.evaluate('getComputedStyle(document.querySelector("figure")).backgroundColor');
    const before = await surface();
    const theme = page.getByRole('button', { name: /^Theme/ });
    await theme.click();
    await theme.click();
    expect(await surface()).not.toBe(before);
    const figure = page.locator('figure').first();
    await figure.locator('summary').click();
    await figure.locator('tbody tr').first().waitFor();
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      figure.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(picture.suggestedFilename()).toBe('guideline-g1.png');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download data (JSON)' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('flopscope-guidelines.json');
    const saved = readFileSync(await download.path(), 'utf8');
    expect(readLab(saved, 'saved.json', 'flopscope.guidelines/1')).toEqual(measured);
    expect(complaints).toEqual([]);
  });

  it('hostile names of devices and variants change nothing and break no layout', async () => {
    const [outcome] = measured.outcomes;
    const trials = outcome!.trials.map((trial, i) => ({ ...trial, variant: HOSTILE[i % HOSTILE.length]! }));
    const record = {
      ...measured,
      device: HOSTILE[0],
      outcomes: [{ ...outcome!, claim: HOSTILE[1]!, because: HOSTILE[3]!, trials }],
    };
    const { page, complaints } = await tab.show(pathToFileURL(write('hostile', record)).href, { width: 390 });
    await readThrough(page);
    await noOverflow(page);
    expect(await page.title()).not.toBe('taken');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(complaints).toEqual([]);
  });
});
