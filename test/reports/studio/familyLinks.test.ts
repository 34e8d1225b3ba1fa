// Do a layer of a family and the fields that make it point to each other, in Chromium?

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drop, launch, openStudio, SKIPPED, type OpenedStudio } from './harness.js';

const CONFIG = 'family: vovnet\nmodules: [1, 1, 2, 2]\ngrowth: [128, 160, 192, 224]\n';

describe.skipIf(SKIPPED)('the config of a family', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser);
    await drop(opened.page, [{ name: 'net.yaml', content: CONFIG }]);
    await opened.page.locator('#editor .cm-content').waitFor();
    await opened.page.locator('#facts', { hasText: 'convolutions' }).waitFor();
  }, 90_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  it('of a family: a layer and a stage point to the fields that make them, and a field to its first layer', async () => {
    const { page } = opened;
    await page.getByLabel('Filter layers').fill('OSA3_1_2/conv');
    const layer = page.locator('#layers tr[data-layer="stage3.OSA3_1.layers.2.OSA3_1_2/conv"]');
    await layer.click();
    const made = page.locator('#editor .cm-made');
    await made.filter({ hasText: /^160$/ }).waitFor();
    expect(await made.allTextContents()).toEqual(['160']);
    expect(await page.locator('#editor .cm-pointed').allTextContents()).toEqual(['growth: [128, 160, 192, 224]']);
    await page.getByLabel('Filter layers').fill('');
    await page.locator('#icicle .bar.stage[aria-label^="stage stage4"]').click();
    await page.locator('#editor .cm-pointed', { hasText: 'modules' }).waitFor();
    expect(await made.allTextContents()).toEqual(['2', '192']);
    await page.locator('.path button').first().click();
    await made.filter({ hasText: /^160$/ }).waitFor();
    await page.locator('#editor .cm-line', { hasText: 'growth: ' }).click();
    await page.keyboard.press('Home');
    for (let i = 0; i < 'growth: [128, 1'.length; i++) await page.keyboard.press('ArrowRight');
    await page.locator('#layers tr.on[data-layer="stage3.OSA3_1.layers.0.OSA3_1_0/conv"]').waitFor();
  });
});
