// Do the views of the studio show what the library says, and do its files read back? In Chromium.

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice, DEVICES } from '../../../src/devices/builtIn.js';
import { predict } from '../../../src/devices/predict.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readModel } from '../../../src/importers/readModel.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { milliseconds } from '../../../src/numberText.js';
import { drop, launch, openStudio, SKIPPED, total, totalIs, type OpenedStudio } from './harness.js';

const counted = (name: string) => profile(graphOf(builtIn(name)));

describe.skipIf(SKIPPED)('the views of the studio', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser, ['resnet50', 'densenet121'], {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await totalIs(opened.page, 'ops', counted('densenet121').totals.ops);
  }, 60_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
  const view = (name: string): Promise<void> => opened.page.getByRole('tab', { name, exact: true }).click();
  const saved = async (press: () => Promise<void>): Promise<{ readonly bytes: Buffer; readonly name: string }> => {
    const [download] = await Promise.all([opened.page.waitForEvent('download'), press()]);
    return { bytes: readFileSync(await download.path()), name: download.suggestedFilename() };
  };
  const exported = (what: string) =>
    saved(async () => {
      await opened.page.locator('#export').click();
      await opened.page.getByRole('button', { name: what }).click();
    });

  it('findings: a fix is applied as a config, and undone', async () => {
    const { page } = opened;
    await view('Findings');
    const finding = page.locator('[data-audit="dense-aggregation"]');
    await finding.waitFor();
    await finding.getByRole('button', { name: 'Apply: Aggregate once' }).click();
    await page.locator('#facts', { hasText: 'config' }).waitFor();
    await page.locator('#editor .cm-line', { hasText: 'redesigned' }).waitFor();
    const { memoryAccess } = counted('densenet121').totals;
    await page.locator('#totals:not(.stale, [aria-busy=true])').waitFor();
    expect((await total(page, 'memoryAccess.unfused')) / memoryAccess.unfused).toBeLessThan(0.4);
    await page.getByRole('button', { name: 'Undo' }).click();
    await totalIs(page, 'memoryAccess.unfused', memoryAccess.unfused);
    await finding.locator('.chip').first().click();
    await view('Layers');
    await page.locator('#layers tr.on', { hasText: 'concat' }).waitFor();
  });

  it('compare: both pictures to one scale, and the diff by stage and by layer', async () => {
    const { page } = opened;
    await view('Compare');
    await page.locator('#against').selectOption({ index: 1 });
    await page.locator('.answer .caption', { hasText: 'resnet50 -> densenet121' }).waitFor();
    const widths = await page
      .locator('.pair svg')
      .evaluateAll((pictures: readonly { getAttribute(name: string): string }[]) =>
        pictures.map((picture) => Number(picture.getAttribute('width'))),
      );
    const [a, b] = ['resnet50', 'densenet121'].map((name) => counted(name).totals.memoryAccess.unfused);
    expect(widths[0]! / widths[1]!).toBeCloseTo(a! / b!, 2);
    await page.locator('#compare-by').selectOption('layer');
    await page.locator('.sheet tbody tr', { hasText: 'features.denseblock1.denselayer1' }).first().waitFor();
    await page.locator('#panel-compare').getByRole('button', { name: 'Copy Markdown' }).click();
    await page.getByText('Markdown copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('resnet50 -&gt; densenet121');
  });

  it('compare: a tab that is closed before its question is asked leaves a hint, no error', async () => {
    const { page } = opened;
    // In one turn: the question waits while the tab goes.
    await page.evaluate(`{
      const by = document.querySelector('#compare-by');
      by.value = 'op';
      by.dispatchEvent(new Event('change'));
      document.querySelector('#tabs [aria-label^="Close resnet50"]').click();
    }`);
    await page.locator('#panel-compare .hint', { hasText: 'Choose the network' }).waitFor();
    await page.waitForTimeout(400);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('#panel-compare .sheet tbody tr', { hasText: 'conv' }).first().waitFor();
  });

  it('roofline: of a device record, said to be predicted', async () => {
    const { page } = opened;
    await view('Roofline');
    await page.locator('#panel-roofline circle').first().waitFor();
    expect(await page.locator('#panel-roofline .answer').textContent()).toContain('not measured');
    const { bytes } = await saved(() => page.getByRole('button', { name: 'Save the roofline as SVG' }).click());
    expect(bytes.toString()).toContain('predicted (not measured)');
  });

  it('closed forms: with a symbol for a field, and an error in a sentence', async () => {
    const { page } = opened;
    await view('Closed forms');
    await page.locator('.sheet td', { hasText: '56464 h n w + 1024000 n' }).waitFor();
    await page.locator('#formula-symbols').fill('growth=g');
    await page.locator('#formula-symbols').press('Enter');
    await page.locator('.sheet td', { hasText: 'g^2' }).first().waitFor();
    await page.locator('#formula-symbols').fill('grow=g');
    await page.locator('#formula-symbols').press('Enter');
    await page.locator('#panel-formula .problem').waitFor();
    await page.locator('#formula-symbols').fill('');
    await page.locator('#formula-symbols').press('Enter');
  });

  it('predict: every record, as the library predicts; a dropped record, too', async () => {
    const { page } = opened;
    await view('Predict');
    const rows = page.locator('.time-row');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(DEVICES.length);
    const graph = graphOf(builtIn('densenet121'));
    const { predictedMilliseconds } = predict(graph, profile(graph), builtInDevice('rtx-3090'));
    await page.locator('.time-row', { hasText: `${milliseconds(predictedMilliseconds)} ms predicted` }).waitFor();
    await page.locator('#predict-devices input').first().uncheck();
    await page.locator('.time-row', { hasText: 'rtx-3090' }).waitFor({ state: 'detached' });
    const mine = { ...builtInDevice('rtx-3090'), name: 'mine', title: 'Mine' };
    await drop(page, [{ name: 'mine.json', content: JSON.stringify(mine) }]);
    await page.locator('.time-row', { hasText: 'mine' }).waitFor();
    await drop(page, [{ name: 'bad.json', content: '{"schema": "flopscope.device/1"}' }]);
    await page.locator('#announcement', { hasText: 'bad.json' }).waitFor();
  });

  it('a dropped run stands beside what is predicted', async () => {
    const { page } = opened;
    const text = readFileSync('fixtures/runs/amd-epyc-onnxruntime.json', 'utf8');
    await drop(page, [{ name: 'runs.json', content: text }]);
    await page.locator('.time-row', { hasText: 'ms measured, onnxruntime' }).waitFor();
  });

  it('saves a report of one page, ONNX, a config and counts, which read back', async () => {
    const { page } = opened;
    const report = await exported('Report (HTML)');
    expect(report.name).toBe('densenet121-report.html');
    const html = report.bytes.toString();
    expect(html).toContain("default-src 'none'; script-src 'sha256-");
    expect(html).toContain('Concats copy the same features again and again');
    const other = await browser.newPage();
    const complaints: string[] = [];
    other.on('console', (message) => complaints.push(message.text()));
    await other.setContent(html);
    await other.locator('#layer-table tbody tr').first().waitFor();
    expect(complaints).toEqual([]);
    await other.close();

    const onnx = await exported('ONNX with seeded weights');
    const model = await readModel({ name: onnx.name, source: bytesSource(new Uint8Array(onnx.bytes)) });
    expect(profile(graphOf(model)).totals.multAdds).toBe(counted('densenet121').totals.multAdds);

    const config = await exported('Config (YAML)');
    expect(config.bytes.toString()).toContain('family: densenet');
    const counts = JSON.parse((await exported('Counts (JSON)')).bytes.toString()) as { totals: { multAdds: number } };
    expect(counts.totals.multAdds).toBe(counted('densenet121').totals.multAdds);
    await page.locator('#announcement', { hasText: 'saved' }).waitFor();
  });
});
