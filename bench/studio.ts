// Measures the studio in Chromium: from an edit of a network to its new numbers on the page.

import { chromium } from 'playwright-core';
import { CHROMIUM } from '../scripts/chromium.js';
import { studioFiles } from '../cli/commands/studio/pageFiles.js';
import { serve } from '../cli/commands/studio/server.js';
import { quantile } from '../src/measure/statistics.js';

/** Milliseconds, for a network of 431 layers. */
const GOAL = 50;
const FIRST_PAINT = 1000;
const EDITS = 40;

const LATENCY = `(() => {
  const last = (name) => performance.getEntriesByName('flopscope: ' + name).at(-1)?.startTime ?? NaN;
  const time = last('numbers') - last('edit');
  return time > 0 ? time : null;
})()`;

async function measured(path: string): Promise<void> {
  const { address, close } = await serve(await studioFiles(), [{ model: 'densenet121' }]);
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address);
  await page.locator('#totals .total').first().waitFor();
  const paint = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`,
  );
  await page.getByRole('button', { name: 'Edit as YAML' }).click();
  await page.locator('#facts', { hasText: 'config' }).waitFor();
  await page.locator('#editor .cm-line', { hasText: 'growth: ' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  for (let i = 0; i < 'growth: 32'.length; i++) await page.keyboard.press('ArrowRight');
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    await page.evaluate('performance.clearMarks()');
    // One key is one edit: growth 32 becomes 3, then 32 again.
    await page.keyboard.press(i % 2 === 0 ? 'Backspace' : '2');
    let time: number | null = null;
    for (let waits = 0; time === null && waits < 50; waits++) {
      await page.waitForTimeout(200);
      time = await page.evaluate<number | null>(LATENCY);
    }
    times.push(time ?? Infinity);
  }
  await browser.close();
  await close();
  print('studio: an edit of 431 layers to its numbers', quantile(times, 0.5), GOAL);
  print('studio: the slowest of them', Math.max(...times), GOAL);
  print('studio: first paint', paint, FIRST_PAINT);
}

const print = (what: string, milliseconds: number, goal: number): void => {
  console.log(
    `${what.padEnd(48)} ${milliseconds.toFixed(1).padStart(8)} ms   goal ${goal} ms   ${milliseconds <= goal ? 'met' : 'MISSED'}`,
  );
};

if (CHROMIUM === undefined) console.log('studio: not measured, no Chromium here (.ci/report-packages installs it)');
else await measured(CHROMIUM);
