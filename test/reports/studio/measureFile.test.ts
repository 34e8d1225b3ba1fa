// Does a dropped ONNX file run as it is, with its own weights, where there is no WebGPU? In Chromium, on wasm.

import { readFileSync, statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studioFiles } from '../../../cli/commands/studio/pageFiles.js';
import { serve } from '../../../cli/commands/studio/server.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import { drop, launch, onnxOf, openStudio, SKIPPED, totalIs, visit, type OpenedStudio } from './harness.js';

const CONFIG = `name: net
input: 3x16x16
layers:
  - { conv: { channels: 8, kernel: 3, padding: 1 }, name: first }
  - { relu: {}, name: act }
`;

describe.skipIf(SKIPPED)('measuring a dropped ONNX file', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser);
  }, 90_000);
  afterAll(async () => {
    expect(opened.complaints.filter((text) => !/adapter|WebGPU|Vulkan/i.test(text))).toEqual([]);
    await opened.close();
  });

  it('runs it on the wasm provider of ONNX Runtime, says why, and saves a record that reads back', async () => {
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await drop(page, [{ name: 'net.onnx', content: onnxOf(CONFIG) }]);
    await totalIs(page, 'multAdds', 55_296);
    await page.getByRole('tab', { name: 'Measure' }).click();
    await page.locator('#measure-protocol').selectOption({ index: 0 });
    await page.locator('#measure-ceilings').uncheck();
    await page.locator('#measure-sessions').selectOption('1');
    // Nothing of the runtime is loaded before it is needed.
    expect(asked.filter((path) => /\/ort\//.test(path))).toEqual([]);
    await page.locator('#measure-start').click();
    const status = page.locator('#measure-status');
    await status.filter({ hasText: /was measured|No time/ }).waitFor({ timeout: 170_000 });
    expect(await status.textContent()).toMatch(
      /^net was measured\. It ran on the CPU, by the wasm provider of ONNX Runtime on one thread: .+\.$/,
    );
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the run (JSON)' }).click(),
    ]);
    const [run] = readRuns(readFileSync(await download.path(), 'utf8'), 'net-run.json');
    expect(run).toMatchObject({ model: 'net', source: 'onnx', engine: 'onnxruntime', weights: 'file', layers: null });
    expect(run!.device.kind).toBe('cpu');
    expect(run!.protocol.settings).toMatchObject({ provider: 'wasm', threads: 1, browser: true });
    expect(run!.versions['onnxruntime-web']).toMatch(/^1\./);
    expect(run!.totals.multAdds).toBe(55_296);
  });

  it('without its package the studio says the one command that brings it', async () => {
    const files = [...(await studioFiles())].filter(([address]) => !address.startsWith('/ort/'));
    const { address, close } = await serve(new Map(files), []);
    const { page, close: closePage } = await visit(browser, address);
    await drop(page, [{ name: 'net.onnx', content: onnxOf(CONFIG) }]);
    await totalIs(page, 'multAdds', 55_296);
    await page.getByRole('tab', { name: 'Measure' }).click();
    await page.locator('#measure-ceilings').uncheck();
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: 'run flopscope setup onnxruntime-web' }).waitFor();
    await closePage();
    await close();
  });

  it('the runtime is a file of the page where its package is installed, as large as the docs say', async () => {
    const { size } = statSync((await studioFiles()).get('/ort/ort-wasm-simd-threaded.asyncify.wasm')!);
    const said = /(\d+) MB/.exec(readFileSync('docs/studio.md', 'utf8'))![1];
    expect(Math.round(size / 1e6)).toBe(Number(said));
  });
});
