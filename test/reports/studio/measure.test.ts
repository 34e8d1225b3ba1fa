// Does the studio measure on WebGPU, and refuse what is no GPU? On Chromium's software adapter, which is labelled.

import { readFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeClause } from '../../../src/measure/ratioWords.js';
import { imageRatio } from '../../../src/measure/sessionTimes.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import { CHROMIUM, drop, onnxOf, openStudio, SKIPPED, totalIs, type OpenedStudio } from './harness.js';

const CONFIG = `name: net
input: 3x16x16
layers:
  - { conv: { channels: 8, kernel: 3, padding: 1 }, name: first, stage: a }
  - { relu: {}, name: act }
  - { osa: { layers: 2, growth: 8, channels: 16 }, name: module, stage: b }
`;

describe.skipIf(SKIPPED)('measuring in the studio', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM!,
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
    });
    opened = await openStudio(browser);
    await drop(opened.page, [{ name: 'net.yaml', content: CONFIG }]);
    await totalIs(opened.page, 'multAdds', 448_512);
    await opened.page.getByRole('tab', { name: 'Measure' }).click();
    await opened.page.locator('#measure-protocol').selectOption({ index: 0 });
    await opened.page.locator('#measure-ceilings').uncheck();
    await opened.page.locator('#measure-sessions').selectOption('1');
  }, 90_000);
  afterAll(async () => {
    // Chromium tells that its software adapter is one.
    expect(opened.complaints.filter((text) => !/adapter|WebGPU|Vulkan/i.test(text))).toEqual([]);
    await opened.close();
    await browser.close();
  });

  it('refuses an adapter that is no GPU, until it is allowed', async () => {
    const { page } = opened;
    expect(await page.locator('#measure-software').isVisible()).toBe(false);
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: 'a CPU that plays a GPU' }).waitFor({ timeout: 120_000 });
    await page.locator('#measure-software').check();
  });

  it('can be cancelled', async () => {
    const { page } = opened;
    await page.locator('#measure-start').click();
    await page.locator('#measure-cancel').click();
    await page.locator('#measure-status', { hasText: 'cancelled' }).waitFor();
    expect(await page.locator('.run').count()).toBe(0);
  });

  it('measures the network, labels the software, and saves a record that reads back', async () => {
    const { page } = opened;
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: /was measured|No time/ }).waitFor({ timeout: 170_000 });
    expect(await page.locator('#measure-status').textContent()).toBe('net was measured.');
    expect(await page.locator('.run h3').textContent()).toContain('a software driver, no GPU');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the run (JSON)' }).click(),
    ]);
    const [run] = readRuns(readFileSync(await download.path(), 'utf8'), 'net-run.json');
    expect(run).toMatchObject({ model: 'net', source: 'config', engine: 'webgpu', mode: 'fused', weights: 'seeded' });
    expect(run!.device).toMatchObject({ kind: 'gpu', software: true });
    expect(run!.totals.multAdds).toBe(448_512);
    expect(run!.warnings.map(({ kind }) => kind)).toContain('software-device');
    expect(run!.noEnergy).toContain('browser');
    expect(run!.protocol.settings['browser']).toBe(true);
    expect(run!.layers === null ? run!.noLayers : run!.layers.length).toBeTruthy();
  });

  it('several sessions of two networks: windows alternate, and the verdict is that of the records', async () => {
    const { page } = opened;
    await drop(page, [{ name: 'twin.yaml', content: CONFIG.replace('name: net', 'name: twin') }]);
    await page.locator('#network', { hasText: 'twin' }).waitFor();
    await totalIs(page, 'multAdds', 448_512);
    await page.locator('#measure-layers').uncheck();
    await page.locator('#measure-sessions').selectOption('3');
    await page.locator('#measure-beside input').check();
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: /were measured|no time|No time/ }).waitFor({ timeout: 170_000 });
    expect(await page.locator('#measure-status').textContent()).toBe('twin, net were measured.');
    const card = page.locator('.run', { hasText: 'from 3 sessions' });
    const verdict = await card.locator('.verdict').textContent();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('button', { name: 'Save the run (JSON)' }).click(),
    ]);
    const [twin] = readRuns(readFileSync(await download.path(), 'utf8'), 'twin-run.json');
    await page.getByRole('tab', { name: /net\.yaml/ }).click();
    const [other] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.run', { hasText: 'from 3 sessions' }).getByRole('button', { name: 'Save the run (JSON)' }).click(),
    ]);
    const [net] = readRuns(readFileSync(await other.path(), 'utf8'), 'net-run.json');
    expect(twin!.sessions.map(({ id }) => id)).toEqual(net!.sessions.map(({ id }) => id));
    expect(new Set(twin!.sessions.map(({ id }) => id)).size).toBe(3);
    expect(twin!.times.windows.length).toBe(15);
    expect(verdict).toBe(`twin ${timeClause(imageRatio(twin!, net!), 'net')}.`);
  });

  it('shows what was measured beside what is predicted', async () => {
    const { page } = opened;
    await page.getByRole('tab', { name: 'Predict' }).click();
    await page.locator('.time-row', { hasText: 'ms measured, webgpu' }).first().waitFor();
  });

  it('runs a dropped ONNX file as it is, whole, on the WebGPU provider of ONNX Runtime', async () => {
    const { page } = opened;
    await drop(page, [{ name: 'own.onnx', content: onnxOf(CONFIG) }]);
    await page.locator('#network', { hasText: 'own' }).waitFor();
    await page.locator('#facts', { hasText: 'onnx' }).waitFor();
    await totalIs(page, 'multAdds', 448_512);
    await page.getByRole('tab', { name: 'Measure' }).click();
    await page.locator('#measure-sessions').selectOption('1');
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: /was measured|No time/ }).waitFor({ timeout: 170_000 });
    expect(await page.locator('#measure-status').textContent()).toBe('own was measured.');
    const card = page.locator('.run', { hasText: 'onnxruntime' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('button', { name: 'Save the run (JSON)' }).click(),
    ]);
    const [run] = readRuns(readFileSync(await download.path(), 'utf8'), 'own-run.json');
    expect(run).toMatchObject({ engine: 'onnxruntime', source: 'onnx', weights: 'file', hostBound: false });
    expect(run!.device).toMatchObject({ kind: 'gpu', software: true });
    expect(run!.protocol.settings['provider']).toBe('webgpu');
  });
});
