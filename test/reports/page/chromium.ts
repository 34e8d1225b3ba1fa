// Where is a browser, and how is it kept from any network? The system's Chromium, offline, with every console error kept.

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM } from '../../../scripts/chromium.js';

export { CHROMIUM };

let launched: Promise<Browser> | undefined;

/** One browser for all test files that share their modules (vitest.config.ts); it ends with their process. */
export const launch = (): Promise<Browser> =>
  (launched ??= chromium.launch({
    executablePath: CHROMIUM!,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  }));

export interface Shown {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, and requests to anything outside of the file. */
  readonly complaints: readonly string[];
}

export interface Look {
  /** CSS pixels; 1440 where it is left out. */
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** One page without network that shows many files in turn: a page of its own costs as much CPU as three files. */
export interface Tab {
  readonly page: Page;
  /** Loads a file anew. Its complaints are its own. */
  show(url: string, look?: Look): Promise<Shown>;
  close(): Promise<void>;
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ acceptDownloads: true, ...options, offline: true });
  const page = await context.newPage();
  // Two cores may run other tests at the same time.
  page.setDefaultTimeout(90_000);
  let complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  return {
    page,
    async show(url, { width = 1440, colorScheme = 'light' } = {}) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      complaints = [];
      await page.goto(url);
      await page.waitForSelector('html[data-ready]');
      return { page, complaints };
    },
    close: () => context.close(),
  };
}

/** Scrolls through the page until every chart is drawn, and back. A canvas gets its width when it is drawn. */
export async function readThrough(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let y = 0; y < document.documentElement.scrollHeight; y += 900) {
      scrollTo(0, y);
      await frame();
      await frame();
    }
    const drawn = () => [...document.querySelectorAll('canvas')].every(({ style }) => style.width !== '');
    while (!drawn()) await frame();
    scrollTo(0, 0);
  })()`);
}

/** Whether pictures of pages are kept, for people to look at: SHOTS=1. They stand in a folder that git ignores. */
const SHOTS = process.env['SHOTS'] !== undefined;

/** @param path without its ending; the folder is made */
export async function shoot(page: Page, path: string, fullPage = true): Promise<void> {
  if (SHOTS) await page.screenshot({ path: `${path}.png`, fullPage });
}
