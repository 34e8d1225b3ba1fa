// Opens the studio as `flopscope studio` serves it, in Chromium, and drops files into it.

import { existsSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { given } from '../../../cli/commands/studio/given.js';
import { studioFiles, type PageFiles } from '../../../cli/commands/studio/pageFiles.js';
import { serve } from '../../../cli/commands/studio/server.js';
import { writeOnnx } from '../../../src/exporters/onnx/writeOnnx.js';
import { openConfig } from '../../../src/importers/config/readConfig.js';
import { graphOf } from '../../../src/model.js';
import { CHROMIUM, launch } from '../page/chromium.js';

export { CHROMIUM, launch };

export const SKIPPED = CHROMIUM === undefined && !process.env['CI'];
if (SKIPPED) console.warn('test/reports/studio is skipped: no Chromium here (.ci/report-packages installs it)');

/** What the page's server answers at an address; undefined where there is no such file. */
export function contentAt(files: PageFiles, address: string): Buffer | undefined {
  const at = files.get(address);
  if (at === undefined) return undefined;
  const bytes = readFileSync(at);
  return at.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
}

export interface OpenedStudio {
  readonly page: Page;
  readonly address: string;
  /** Errors of the console and of scripts, and requests to any other origin. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** @param names as on the command line */
export async function openStudio(
  browser: Browser,
  names: readonly string[] = [],
  options: BrowserContextOptions = {},
): Promise<OpenedStudio> {
  if (!existsSync('dist/studio/index.html.br')) throw new Error('dist/studio is missing: npm run build');
  const { address, close } = await serve(await studioFiles(), await given(names));
  const opened = await visit(browser, address, options);
  return {
    ...opened,
    async close() {
      await opened.close();
      await close();
    },
  };
}

export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  /** Addresses that cannot be had. */
  missing?: RegExp,
): Promise<OpenedStudio> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  if (missing) await context.route(missing, (route) => route.abort());
  const page = await context.newPage();
  // Two cores may run other tests at the same time.
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Chromium itself styles what is typed over a selection; the policy holds that, and the editor draws its own.
    if (message.text().startsWith('Applying inline style violates')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  const { origin } = new URL(address);
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) complaints.push(`asked for ${url}`);
  });
  await page.goto(address);
  return { page, address, complaints, close: () => context.close() };
}

/** A config as an ONNX file, with weights made from a seed. */
export function onnxOf(config: string): Uint8Array {
  const graph = graphOf(openConfig(config, 'net.yaml').model);
  const { model } = writeOnnx(graph, { seed: 7, weights: 'inside', producer: ['test', ''] });
  return Buffer.concat([...model.pieces()]);
}

export interface Dropped {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/** Drops files onto the page, as a person does from the desktop. */
export async function drop(page: Page, files: readonly Dropped[]): Promise<void> {
  const given = files.map(({ name, content }) => ({ name, base64: Buffer.from(content).toString('base64') }));
  await page.evaluate(
    `(() => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of ${JSON.stringify(given)})
        transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    })()`,
  );
}

/** The total of a count, in full. */
export async function total(page: Page, count: string): Promise<number> {
  const title = await page
    .locator(`#totals:not(.stale, [aria-busy=true]) [data-count="${count}"] .value`)
    .getAttribute('title');
  return Number(title!.replaceAll(',', ''));
}

/** Waits for the total of a count to be so much. */
export const totalIs = (page: Page, count: string, value: number): Promise<void> =>
  page
    .locator(
      `#totals:not(.stale, [aria-busy=true]) [data-count="${count}"] .value[title="${value.toLocaleString('en-US')}"]`,
    )
    .waitFor({ timeout: 90_000 });

/** Replaces the text of the editor. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('#editor .cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

export const editorText = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `[...document.querySelector('#editor').shadowRoot.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')`,
  );
