// Does every control of the studio do what it says? Editing, undo, links, tables and pictures, in Chromium.

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { shoot } from '../page/chromium.js';
import { drop, editorText, launch, openStudio, SKIPPED, totalIs, visit, write, type OpenedStudio } from './harness.js';

/** Pictures for people to look at, with SHOTS=1. */
const SHOTS = 'out/studio-shots';

const config = (channels: number): string => `name: net
input: 3x16x16
layers:
  - { conv: { channels: ${channels}, kernel: 3, padding: 1 }, name: first, stage: a }
  - { relu: {}, name: act }
  - { osa: { layers: 2, growth: 8, channels: 16 }, name: module, stage: b }
`;
/** Of the first convolution, and of all. */
const FIRST = (channels: number): number => 16 * 16 * 9 * 3 * channels;
const MODULE = (channels: number): number => 16 * 16 * (9 * channels * 8 + 9 * 8 * 8 + (channels + 16) * 16);
const ALL = (channels: number): number => FIRST(channels) + MODULE(channels);

describe.skipIf(SKIPPED)('editing in the studio', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser, [], { permissions: ['clipboard-read', 'clipboard-write'] });
    await drop(opened.page, [{ name: 'net.yaml', content: config(8) }]);
    await opened.page.locator('#editor .cm-content').waitFor();
    await totalIs(opened.page, 'multAdds', ALL(8));
  }, 60_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
  const clipboard = (): Promise<string> => opened.page.evaluate('navigator.clipboard.readText()');

  it('an edit gives new numbers, and what moved', async () => {
    const { page } = opened;
    await write(page, config(16));
    await totalIs(page, 'multAdds', ALL(16));
    const moved = page.locator('#totals [data-count="multAdds"] dd').nth(1);
    expect(await moved.textContent()).toContain(`(${(ALL(16) / ALL(8)).toFixed(2)}x)`);
    expect(await page.locator('#layers tr.moved').count()).toBeGreaterThan(0);
  });

  it('an invalid edit keeps the last numbers, greyed, and says what is wrong below its line', async () => {
    const { page } = opened;
    const broken = config(16).replace('growth: 8', 'growth: none');
    await write(page, broken);
    const said = page.locator('#editor .cm-problem');
    await said.waitFor();
    expect(await said.textContent()).toContain('growth must be a positive whole number');
    expect(await page.locator('#problem').textContent()).toMatch(/^Line 6, column \d+: /);
    expect(await page.locator('#editor .cm-wrong').textContent()).toContain('growth: none');
    expect(await page.locator('#totals').getAttribute('class')).toContain('stale');
    expect(await page.locator('#totals [data-count="multAdds"] .value').getAttribute('title')).toBe(
      ALL(16).toLocaleString('en-US'),
    );
    await page.getByRole('button', { name: 'Copy CSV' }).click();
    await page.getByText('CSV copied.').waitFor();
    expect(await clipboard()).toContain('first,a,,conv');
    await write(page, config(16));
    await totalIs(page, 'multAdds', ALL(16));
    expect(await said.count()).toBe(0);
  });

  it('undo and redo, by key and by button', async () => {
    const { page } = opened;
    await page.waitForTimeout(800);
    await write(page, config(32));
    await totalIs(page, 'multAdds', ALL(32));
    await page.keyboard.press('Control+Z');
    await totalIs(page, 'multAdds', ALL(16));
    await page.getByRole('button', { name: 'Redo' }).click();
    await totalIs(page, 'multAdds', ALL(32));
    await page.getByRole('button', { name: 'Undo' }).click();
    await totalIs(page, 'multAdds', ALL(16));
    expect(await editorText(page)).toContain('channels: 16, kernel: 3');
  });

  it('completes keys, kinds and values from the schema', async () => {
    const { page } = opened;
    await write(page, 'family: vov');
    await page.keyboard.press('Control+Space');
    await page.locator('#editor .cm-tooltip-autocomplete', { hasText: 'vovnet' }).waitFor();
    // A list that has just opened takes no Enter yet: it may be meant for the line.
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('atten');
    await page.locator('#editor .cm-tooltip-autocomplete', { hasText: 'attention' }).waitFor();
    await page.keyboard.press('Escape');
    await write(page, config(16));
    await totalIs(page, 'multAdds', ALL(16));
  });

  it('a layer, its bar and its line of YAML point to each other', async () => {
    const { page } = opened;
    await page.locator('#layers tr[data-layer="act"]').click();
    await page.locator('#editor .cm-pointed', { hasText: 'relu' }).waitFor();
    expect(await page.locator('#icicle .bar.on').getAttribute('aria-label')).toContain('layer act');
    await page.locator('#editor .cm-line', { hasText: 'name: module' }).click();
    await page.locator('#layers tr.on[data-layer^="module."]').waitFor();
    await page.locator('#icicle .bar[aria-label*="layer first"]').click();
    await page.locator('#layers tr.on[data-layer="first"]').waitFor();
    await page.locator('#editor .cm-pointed', { hasText: 'name: first' }).waitFor();
  });

  it('the icicle zooms, folds and moves by keys; its area is any count', async () => {
    const { page } = opened;
    const bars = page.locator('#icicle .bar');
    const before = await bars.count();
    const stage = page.locator('#icicle .bar.stage[aria-label^="stage b"]');
    await stage.focus();
    await page.keyboard.press('Space');
    expect(await bars.count()).toBeLessThan(before);
    await page.keyboard.press('Space');
    expect(await bars.count()).toBe(before);
    await page.keyboard.press('Enter');
    await page.locator('.path', { hasText: 'of the network' }).waitFor();
    expect(await page.locator('#icicle .bar[aria-label^="stage a"]').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('#icicle .bar[aria-label^="stage a"]').waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^stage a/);
    await page.locator('#metric').selectOption({ label: 'multiply-adds' });
    const share = ((100 * FIRST(16)) / ALL(16)).toFixed(1);
    await page.locator(`#icicle .bar[aria-label^="stage a"][aria-label*="${share} %"]`).waitFor();
  });

  it('the table sorts, filters, and copies as CSV, Markdown and LaTeX', async () => {
    const { page } = opened;
    await page.locator('[data-sort=multAdds]').click();
    const first = page.locator('#layers tbody tr:not(.space)').first();
    expect(await first.getAttribute('data-layer')).toBe('module.layer1.conv');
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await page.locator('[data-sort=multAdds]').click();
    await page.locator('[data-sort=multAdds]').click();
    await page.getByLabel('Filter layers').fill('conv 3x3');
    await page.locator('.status', { hasText: '3 of 12 layers' }).waitFor();
    await page.getByLabel('Filter layers').fill('');
    await page.getByRole('button', { name: 'Copy CSV' }).click();
    await page.getByText('CSV copied.').waitFor();
    expect(await clipboard()).toContain(`first,a,,conv`);
    await page.getByRole('button', { name: 'Copy Markdown' }).click();
    await page.getByText('Markdown copied.').waitFor();
    expect(await clipboard()).toContain('| act | relu |');
    await page.getByRole('button', { name: 'Copy LaTeX' }).click();
    await page.getByText('LaTeX copied.').waitFor();
    expect(await clipboard()).toContain('\\begin{tabular}');
  });

  it('arrow keys move through the table', async () => {
    const { page } = opened;
    await page.locator('.scroller').focus();
    await page.locator('#layers tr.on[data-layer="first"]').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('#layers tr.on[data-layer="act"]').waitFor();
  });

  it.each(['SVG', 'PNG'])('saves the icicle as %s', async (format) => {
    const { page } = opened;
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Save the icicle as ${format}` }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 4).toString('latin1')).toBe(format === 'SVG' ? '<svg' : '\u0089PNG');
    expect(bytes.length).toBeGreaterThan(500);
  });

  it('balance: a bar for each convolution, which points out its layer', async () => {
    const { page } = opened;
    await page.getByRole('tab', { name: 'Balance' }).click();
    expect(await page.locator('.picture .point').count()).toBe(4);
    await page.locator('#balance-words', { hasText: 'the farthest from it is first' }).waitFor();
    await page.locator('.picture .point').nth(1).click();
    await page.getByRole('tab', { name: 'Layers' }).click();
    await page.locator('#layers tr.on[data-layer="module.layer1.conv"]').waitFor();
  });

  it('a pinned network is what changes are told against', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Pin as baseline' }).click();
    await page.waitForTimeout(800);
    await write(page, config(32));
    await totalIs(page, 'multAdds', ALL(32));
    expect(await page.locator('#totals [data-count="multAdds"] .against').textContent()).toBe(
      `${(ALL(32) / ALL(16)).toFixed(2)}x of net`,
    );
    await page.getByRole('button', { name: 'Unpin' }).click();
    await page.locator('.against').waitFor({ state: 'detached' });
  });

  it('a link holds all of it, and opens as it was', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Link copied').waitFor();
    const link = await clipboard();
    const other = await visit(browser, link);
    await totalIs(other.page, 'multAdds', ALL(32));
    await other.page.locator('#editor .cm-content').waitFor();
    await other.page.locator('#editor .cm-line', { hasText: 'channels: 32' }).waitFor();
    expect(other.complaints).toEqual([]);
    await other.close();
  });

  it('a damaged link says so, and begins anew', async () => {
    const other = await visit(browser, `${opened.address}#s=abcdef`);
    await other.page.getByText('This link is damaged').waitFor();
    await other.page.locator('#first .example').first().waitFor();
    await other.close();
  });

  it('what cannot be loaded is said: a view, the editor, and the script that counts', async () => {
    const other = await visit(browser, opened.address);
    const said = other.page.locator('#announcement');
    await other.page.route(/parts\/(findingsPane|editor)/, (route) => route.abort());
    await other.page.locator('#first .example').first().click();
    await other.page.locator('#totals .total').first().waitFor();
    await other.page.getByRole('tab', { name: 'Findings' }).click();
    await said.filter({ hasText: 'Failed to fetch' }).waitFor();
    await other.page.evaluate(`document.querySelector('#announcement').textContent = ''`);
    await other.page.getByRole('button', { name: 'Edit as YAML' }).click();
    await said.filter({ hasText: 'Failed to fetch' }).waitFor();
    await other.close();
    const without = await visit(browser, opened.address, {}, /worker\.js/);
    await without.page.locator('#first .example').first().click();
    await without.page.locator('#problem', { hasText: 'the worker of this page ended' }).waitFor();
    await without.close();
  });

  it('remembers the last session', async () => {
    const { page } = opened;
    await page.evaluate(`history.replaceState(null, '', '/')`);
    await page.reload();
    await totalIs(page, 'multAdds', ALL(32));
  });

  it('remembers an edit that the page goes away right after', async () => {
    const { page } = opened;
    const bytes = page.getByLabel('Bytes per element');
    await bytes.selectOption({ index: 2 });
    await page.reload();
    await totalIs(page, 'multAdds', ALL(32));
    expect(await bytes.inputValue()).toBe('2');
    await bytes.selectOption({ index: 0 });
  });

  it('tabs: another one, keys between them, closing, and undoing that', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first .example').first().click();
    await totalIs(page, 'multAdds', profile(graphOf(builtIn('densenet121'))).totals.multAdds);
    await page.locator('[role=tab][aria-selected=true]', { hasText: 'densenet121' }).focus();
    await page.keyboard.press('ArrowLeft');
    await totalIs(page, 'multAdds', ALL(32));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Delete');
    await totalIs(page, 'multAdds', ALL(32));
    expect(await page.locator('#tabs .tab').count()).toBe(1);
    await page.keyboard.press('Control+Z');
    expect(await page.locator('#tabs .tab').count()).toBe(2);
  });

  it('theme: auto, light and dark follow each other', async () => {
    const { page } = opened;
    const surface = () => page.evaluate('getComputedStyle(document.querySelector("#head")).backgroundColor');
    const button = page.getByRole('button', { name: /^Theme/ });
    const before = await surface();
    await button.click();
    await button.click();
    expect(await button.textContent()).toBe('Theme: dark');
    expect(await surface()).not.toBe(before);
    await button.click();
  });

  it('nothing is cut from 390 to 1920 pixels, light or dark', async () => {
    const { page, complaints, close } = await openStudio(browser, ['fixtures/configs/own-backbone.yaml']);
    await page.locator('#editor .cm-content').waitFor();
    await totalIs(page, 'ops', 164);
    for (const width of [390, 768, 1280, 1920])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const [wanted, there] = await page.evaluate<[number, number]>(
          '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
        );
        expect(there).toBeLessThanOrEqual(wanted);
        await shoot(page, `${SHOTS}/studio-${width}-${colorScheme}`, false);
      }
    expect(complaints).toEqual([]);
    await close();
  });
});
