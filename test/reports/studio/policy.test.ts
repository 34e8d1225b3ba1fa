// Can anything leave the page? Connections to another origin, from the page and its worker, on servers with and without headers.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studioFiles, type PageFiles } from '../../../cli/commands/studio/pageFiles.js';
import { contentAt, launch, openStudio, SKIPPED, totalIs, visit, type OpenedStudio } from './harness.js';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

describe.skipIf(SKIPPED)('the policy of the studio', () => {
  let browser: Browser;
  const asked: string[] = [];
  const other = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' }).end('"there"');
  });
  /** A host of static files that sends no policy, with the studio in a folder of it. */
  const host = createServer(({ url = '' }, response) => {
    const path = url.replace(/[?#].*$/, '').replace(/\/$/, '/index.html');
    const content = path.startsWith('/some/folder/') ? contentAt(files, path.slice('/some/folder'.length)) : undefined;
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'font/woff' }).end(content);
  });
  let files: PageFiles = new Map();
  let foreign = '';
  let folder = '';
  beforeAll(async () => {
    browser = await launch();
    files = await studioFiles();
    foreign = `http://127.0.0.1:${await listening(other)}`;
    folder = `http://127.0.0.1:${await listening(host)}/some/folder/`;
  }, 60_000);
  afterAll(() => {
    other.close();
    host.close();
  });

  const ways = (address: string): readonly (readonly [string, string])[] => [
    ['fetch', `fetch('${address}/fetch').then(() => 'through', () => 'held')`],
    [
      'XMLHttpRequest',
      `new Promise((done) => { const ask = new XMLHttpRequest(); ask.onload = () => done('through'); ask.onerror = () => done('held'); ask.open('GET', '${address}/xhr'); ask.send(); })`,
    ],
    [
      'WebSocket',
      `new Promise((done) => { try { const socket = new WebSocket('${address.replace('http', 'ws')}/socket'); socket.onopen = () => done('through'); socket.onerror = () => done('held'); } catch { done('held'); } })`,
    ],
    ['import', `import('${address}/script.js').then(() => 'through', () => 'held')`],
  ];
  const PAGE_WAYS = (address: string): readonly (readonly [string, string])[] => [
    ...ways(address),
    [
      'image',
      `new Promise((done) => { const image = new Image(); image.onload = () => done('through'); image.onerror = () => done('held'); image.src = '${address}/image'; })`,
    ],
    ['beacon', `Promise.resolve(navigator.sendBeacon('${address}/beacon', 'x')).then(() => 'held')`],
    ['eval', `Promise.resolve().then(() => (0, eval)('1')).then(() => 'through', () => 'held')`],
  ];

  it.each([
    ['flopscope studio', () => openStudio(browser, ['resnet18'])],
    ['a folder of a static host', () => visit(browser, folder)],
  ] as const)('%s: no way leads out, from the page or its worker', async (_, openIt) => {
    const opened: OpenedStudio = await openIt();
    const { page } = opened;
    if (opened.address.startsWith(folder)) await page.locator('#first .example').first().click();
    await page.locator('#totals .total').first().waitFor();
    for (const [way, code] of PAGE_WAYS(foreign))
      // playwright evaluates past the page's policy for code from text alone: the rest is the page's.
      if (way !== 'eval') expect(`${way}: ${String(await page.evaluate(code))}`).toBe(`${way}: held`);
    const [worker] = page.workers();
    for (const [way, code] of ways(foreign))
      expect(`worker, ${way}: ${String(await worker!.evaluate(code))}`).toBe(`worker, ${way}: held`);
    expect(asked).toEqual([]);
    await opened.close();
  });

  it('works from a folder of a static host: a built-in model, a config, and a reader', async () => {
    const { page, complaints, close } = await visit(browser, folder);
    await page.locator('#first .example').nth(1).click();
    await page.locator('#editor .cm-content').waitFor();
    await page.locator('#totals .total').first().waitFor();
    await page.getByRole('button', { name: 'Another network' }).click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a file' }).click(),
    ]);
    await chooser.setFiles('fixtures/files/tiny.cfg');
    await page.locator('#facts', { hasText: 'darknet' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('asks for less than 300 kB before a reader or the editor is needed', async () => {
    const { address, page, close } = await openStudio(browser);
    await page.locator('#first .example').first().click();
    await totalIs(page, 'ops', 430);
    const loaded = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.startsWith('http'))`,
    );
    const inWorker = await page
      .workers()[0]!
      .evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
    const asked = new Set([...loaded, ...inWorker, `${address}index.html`].map((name) => new URL(name).pathname));
    expect(asked.size).toBeGreaterThan(5);
    const bytes = [...asked].reduce((sum, path) => sum + contentAt(files, path)!.length, 0);
    expect(bytes).toBeLessThan(300_000);
    await close();
  });
});
