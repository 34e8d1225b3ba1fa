// Builds the example in docs/ from the runs in fixtures/runs. Chromium takes its picture.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.js';

const RUNS = 'fixtures/runs';
const [PAGE, PICTURE] = ['docs/report.html', 'docs/report.png'];

const runs = readdirSync(RUNS)
  .filter((name) => name.endsWith('.json') && !name.startsWith('guidelines-'))
  .map((name) => `${RUNS}/${name}`);
execFileSync(process.execPath, ['dist/cli.js', 'report', '--runs', ...runs, '-o', PAGE], { stdio: 'inherit' });

if (!CHROMIUM) throw new Error(`${PICTURE} is not made: no Chromium here (.ci/report-packages installs it)`);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1100, height: 2000 }, colorScheme: 'light' });
await page.goto(pathToFileURL(PAGE).href);
await page.waitForSelector('html[data-ready]');
// Charts are drawn when they come near the screen.
await page.waitForTimeout(500);
// From the finding to the end of the first chart.
const [top, bottom] = await page.evaluate(
  "['#headline', '#relative-cost'].map((one, i) => document.querySelector(one).getBoundingClientRect()[['top', 'bottom'][i]])",
);
await page.screenshot({ path: PICTURE, clip: { x: 0, y: top - 24, width: 1100, height: bottom - top + 32 } });
await browser.close();
