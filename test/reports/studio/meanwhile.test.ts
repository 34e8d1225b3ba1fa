// Does the studio do the right thing where something changed meanwhile, and where several things come at once? In Chromium.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf } from '../../../reports/studio/core/config.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { bytesOf } from '../../importers/onnx/small.js';
import { drop, editorText, launch, onnxOf, openStudio, SKIPPED, totalIs, write, type OpenedStudio } from './harness.js';

const config = (channels: number, name = 'net'): string => `name: ${name}
input: 3x16x16
layers:
  - { conv: { channels: ${channels}, kernel: 1 }, name: first }
  - { relu: {}, name: act }
  - { conv: { channels: 8, kernel: 1 }, name: second }
`;
const DENSE = configOf('densenet121');
const multAdds = (channels: number): number => 16 * 16 * (3 * channels + 8 * channels);

describe.skipIf(SKIPPED)('what changes meanwhile', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  let page: Page;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser, [], { permissions: ['clipboard-read', 'clipboard-write'] });
    ({ page } = opened);
  }, 60_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
  const view = (name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
  const said = (text: string | RegExp): Promise<void> =>
    page.locator('#announcement', { hasText: text }).waitFor({ state: 'attached' });
  const tabs = (): Promise<string[]> => page.locator('#tabs [role=tab]').allTextContents();

  it('models and a run that are dropped together: each model has a tab, and the run is taken', async () => {
    await drop(page, [
      { name: 'one.onnx', content: onnxOf(config(8, 'one')) },
      { name: 'runs.json', content: readFileSync('fixtures/runs/amd-epyc-onnxruntime.json', 'utf8') },
      { name: 'two.onnx', content: onnxOf(config(16, 'two')) },
      { name: 'notes.txt', content: 'no model' },
    ]);
    await said('3 measured runs read');
    await totalIs(page, 'multAdds', multAdds(16));
    expect(await tabs()).toEqual(['one.onnx', 'two.onnx']);
  });

  it('device records that come at the same time are both kept; the newest of one name holds', async () => {
    const record = (name: string, flopsPerSecond: number): string =>
      JSON.stringify({ ...builtInDevice('rtx-3090'), name, title: name, flopsPerSecond });
    await view('Predict');
    await Promise.all([
      drop(page, [{ name: 'a.json', content: record('device-a', 1e12) }]),
      drop(page, [{ name: 'b.json', content: record('device-b', 1e12) }]),
    ]);
    await page.locator('#predict-devices', { hasText: 'device-a' }).waitFor();
    const words = page.locator('.time-row', { hasText: 'device-b' }).locator('.words');
    await words.waitFor();
    const before = await words.textContent();
    await drop(page, [{ name: 'other.json', content: record('device-b', 1e9) }]);
    await page.locator('.time-row', { hasText: 'device-b' }).filter({ hasNotText: before! }).waitFor();
    expect(await page.locator('#predict-devices label', { hasText: 'device-b' }).count()).toBe(1);
    await view('Layers');
  });

  it('a file that takes the place of a tab which is closed meanwhile opens in one of its own', async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose another' }).click(),
    ]);
    await page.getByRole('button', { name: 'Close two.onnx' }).click();
    await chooser.setFiles('fixtures/files/tiny.cfg');
    await page.locator('#facts', { hasText: 'darknet' }).waitFor();
    expect(await tabs()).toEqual(['one.onnx', 'tiny.cfg']);
  });

  it('a config with the line ends of Windows: the cursor stays, lines and places are right', async () => {
    await drop(page, [{ name: 'windows.yaml', content: config(8).replaceAll('\n', '\r\n') }]);
    await page.locator('#editor .cm-content').waitFor();
    await totalIs(page, 'multAdds', multAdds(8));
    await page.locator('#editor .cm-line', { hasText: 'name: first' }).click();
    await page.locator('#layers tr.on[data-layer="first"]').waitFor();
    await page.locator('#editor .cm-pointed', { hasText: 'name: first' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type(' # here');
    expect(await editorText(page)).toContain('name: first } # here');
  });

  it('undo in the midst of typing: what is typed next is a step of its own', async () => {
    await write(page, config(8));
    await totalIs(page, 'multAdds', multAdds(8));
    // Faster than any burst; another area ends the one before. The editor reads what was typed a moment later.
    await page.locator('#metric').selectOption({ label: 'multiply-adds' });
    await page.evaluate(`(async () => {
      const read = () => new Promise((done) => setTimeout(done));
      document.querySelector('#editor').shadowRoot.querySelector('.cm-content').focus();
      document.execCommand('insertText', false, '# a');
      await read();
      [...document.querySelectorAll('#actions button')].find(({ textContent }) => textContent === 'Undo').click();
      await read();
      document.execCommand('insertText', false, '# b');
      await read();
    })()`);
    await expect.poll(() => editorText(page)).toContain('# b');
    expect(await editorText(page)).not.toContain('# a');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await editorText(page)).toBe(config(8));
  });

  it('findings stay, in grey, while the text has a mistake', async () => {
    await write(page, DENSE);
    await view('Findings');
    const answer = page.locator('#panel-findings .answer');
    const finding = answer.locator('[data-audit="dense-aggregation"]');
    await finding.waitFor();
    await write(page, DENSE.replace('growth: 32', 'growth: none'));
    await page.locator('#problem', { hasText: 'growth' }).waitFor();
    expect(await finding.count()).toBe(1);
    expect(await answer.getAttribute('class')).toContain('stale');
    await finding.locator('button.apply').click();
    await said('Not applied');
    expect(await editorText(page)).toContain('growth: none');
    await write(page, DENSE);
    await page.locator('#panel-findings .answer:not(.stale) [data-audit="dense-aggregation"]').waitFor();
  });

  it('a fix is applied to the network that it was found in, and to no other', async () => {
    // In one turn: the other tab is shown, and the finding of the first one still stands.
    await page.evaluate(`{
      const apply = document.querySelector('#panel-findings button.apply');
      [...document.querySelectorAll('#tabs [role=tab]')].find(({ textContent }) => textContent === 'one.onnx').click();
      apply.click();
    }`);
    await said('Not applied');
    await totalIs(page, 'multAdds', multAdds(8));
    expect(await tabs()).toEqual(['one.onnx', 'tiny.cfg', 'windows.yaml']);
    expect(await page.locator('#facts').textContent()).toContain('onnx');
    await view('Layers');
  });

  it('tabs, views, undo and redo in one turn, at each view: nothing fails', async () => {
    for (const name of ['Findings', 'Compare', 'Balance', 'Roofline', 'Closed forms', 'Predict', 'Measure', 'Layers']) {
      await view(name);
      await page.evaluate(`{
        const all = (selector) => [...document.querySelectorAll(selector)];
        const named = (selector, text) => all(selector).find(({ textContent }) => textContent === text);
        for (const tab of all('#tabs [role=tab]')) tab.click();
        named('#actions button', 'Undo').click();
        named('#actions button', 'Redo').click();
        document.querySelector('#pin').click();
        document.querySelector('#tabs .close').click();
        for (const one of all('.views [role=tab]')) one.click();
        named('.views [role=tab]', ${JSON.stringify(name)}).click();
        named('#actions button', 'Undo').click();
        named('#actions button', 'Undo').click();
        document.querySelector('#metric').dispatchEvent(new Event('change'));
      }`);
      await page.locator('#totals:not(.stale, [aria-busy=true]) .total').first().waitFor();
      expect((await tabs()).length).toBe(3);
    }
    await view('Layers');
  });

  it('a model of half precision is not measured in its stead in single precision', async () => {
    const half = bytesOf({ halves: { w: [4, 3, 1, 1] }, nodes: [['Conv', 'x w', 'y']] });
    await drop(page, [{ name: 'half.onnx', content: half }]);
    await totalIs(page, 'multAdds', 8 * 8 * 3 * 4);
    expect(await page.locator('#facts').textContent()).toContain('2 bytes');
    await view('Measure');
    await page.locator('#measure-start').click();
    await page.locator('#measure-status', { hasText: 'only the file itself gives a true time' }).waitFor();
  });

  it('the roofline of a run has the bytes that its numbers take', async () => {
    const file = JSON.parse(readFileSync('fixtures/runs/amd-epyc-onnxruntime.json', 'utf8')) as {
      readonly schema: string;
      readonly runs: readonly {
        readonly model: string;
        readonly bytesPerSecond: number;
        readonly memory: { readonly weightBytes: number };
        readonly utilisation: { readonly memory: number };
      }[];
    };
    const point = page.locator('#panel-roofline circle[data-layer="layer4.0.conv2"] title');
    const intensityOf = async (): Promise<number> => Number(/at ([\d.]+) /.exec((await point.textContent())!)![1]);
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first-model').fill('resnet50');
    await page.locator('#first-model').press('Enter');
    await totalIs(page, 'multAdds', profile(graphOf(builtIn('resnet50'))).totals.multAdds);
    await view('Roofline');
    await page.locator('#panel-roofline .hint', { hasText: ', measured:' }).waitFor();
    const single = await intensityOf();
    const runs = file.runs
      .filter(({ model }) => model === 'resnet50')
      .map((run) => ({
        ...{ ...run, bytesPerElement: 2, bytesPerSecond: run.bytesPerSecond / 2 },
        memory: { ...run.memory, weightBytes: run.memory.weightBytes / 2 },
        utilisation: { ...run.utilisation, memory: run.utilisation.memory / 2 },
      }));
    await drop(page, [{ name: 'half.json', content: JSON.stringify({ ...file, runs }) }]);
    await expect.poll(async () => (await intensityOf()) / single, { timeout: 60_000 }).toBeCloseTo(2, 1);
    await view('Layers');
  });

  it('New leads back to the tabs: by its button, by Escape, and by the tab itself', async () => {
    const first = page.locator('#first');
    for (const back of [
      () => first.getByRole('button', { name: 'Back', exact: true }).click(),
      () => page.keyboard.press('Escape'),
      () => page.locator('#tabs [aria-selected=true]').click(),
    ]) {
      await page.getByRole('button', { name: 'Another network' }).click();
      await first.waitFor();
      await back();
      await first.waitFor({ state: 'hidden' });
      await page.locator('#totals').waitFor();
    }
    // The same model once more.
    const before = (await tabs()).length;
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first-model').fill('resnet50');
    await page.locator('#first-model').press('Enter');
    await first.waitFor({ state: 'hidden' });
    expect((await tabs()).length).toBe(before + 1);
  });

  it('says which tab goes where there are too many', async () => {
    for (let i = (await tabs()).length; i <= 12; i++) {
      await drop(page, [{ name: `more-${i}.yaml`, content: config(8) }]);
      await page.locator('#tabs [role=tab]', { hasText: `more-${i}.yaml` }).waitFor();
    }
    await said('one.onnx was closed: there can be 12 tabs');
    expect((await tabs()).length).toBe(12);
  });
});

describe.skipIf(SKIPPED)('a page that is loaded again', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-again-'));
  const path = join(folder, 'net.yaml');
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('shows what was edited since the link was shared', async () => {
    const { page, complaints, close } = await openStudio(browser, [], {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await drop(page, [{ name: 'net.yaml', content: config(8) }]);
    await page.locator('#editor .cm-content').waitFor();
    await totalIs(page, 'multAdds', multAdds(8));
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Link copied').waitFor();
    expect(page.url()).toContain('#s=');
    await page.reload();
    await totalIs(page, 'multAdds', multAdds(8));
    await page.locator('#editor .cm-content').waitFor();
    await write(page, config(24));
    await totalIs(page, 'multAdds', multAdds(24));
    expect(page.url()).not.toContain('#');
    await page.reload();
    await totalIs(page, 'multAdds', multAdds(24));
    expect(complaints).toEqual([]);
    await close();
  });

  it('keeps what was edited of the files of the command line, and reads what changed on the disk', async () => {
    writeFileSync(path, config(8));
    const { page, complaints, close } = await openStudio(browser, ['fixtures/files/tiny.cfg', path]);
    await page.locator('#editor .cm-content').waitFor();
    await totalIs(page, 'multAdds', multAdds(8));
    // Nothing was written here: the file on the disk is the newer one.
    writeFileSync(path, config(16));
    await page.reload();
    await totalIs(page, 'multAdds', multAdds(16));
    await page.locator('#editor .cm-content').waitFor();
    await write(page, config(32));
    await totalIs(page, 'multAdds', multAdds(32));
    await page.reload();
    await totalIs(page, 'multAdds', multAdds(32));
    writeFileSync(path, config(40));
    await page.reload();
    await page.locator('#announcement', { hasText: 'was changed on the disk and here' }).waitFor({ state: 'attached' });
    await totalIs(page, 'multAdds', multAdds(32));
    await page.getByRole('tab', { name: 'tiny.cfg' }).click();
    await page.locator('#facts', { hasText: 'darknet' }).waitFor();
    expect(await page.locator('.file').textContent()).toContain('read on this machine alone');
    expect(complaints).toEqual([]);
    await close();
  });
});
