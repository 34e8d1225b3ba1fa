// Does the studio read what flopscope reads? Built-in models, configs, and a dropped file of every kind, in Chromium.

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { FORMATS } from '../../../src/importers/formats.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Totals } from '../../../src/profile.js';
import { MULT_ADDS, WITH_UNKNOWN_OP } from '../../importers/unknownOp.js';
import { HOSTILE } from '../hostile.js';
import { drop, launch, openStudio, SKIPPED, total, totalIs, type OpenedStudio } from './harness.js';

const totalsOf = (name: string): Totals => profile(graphOf(builtIn(name))).totals;

describe.skipIf(SKIPPED)('the source of the studio', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser);
  }, 60_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  it('begins with one sentence and three examples, each of which counts', async () => {
    const { page } = opened;
    expect(await page.locator('#first h2').count()).toBe(1);
    expect(await page.locator('#first .example').count()).toBe(3);
    await page.locator('#first .example').first().click();
    await totalIs(page, 'multAdds', totalsOf('densenet121').multAdds);
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first .example').nth(1).click();
    await page.locator('#editor .cm-content').waitFor();
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first .example').nth(2).click();
    await page.locator('#network', { hasText: 'dense-block' }).waitFor();
    for (const shown of ['dense-block', 'osa-module', 'osa-module', 'dense-block', 'osa-module']) {
      await page.locator('#tour').getByRole('button', { name: 'Next' }).click();
      await page.locator('#network', { hasText: shown }).waitFor();
    }
    const against = page.locator('#totals [data-count="multAdds"] .against');
    expect(Number.parseFloat((await against.textContent())!)).toBeCloseTo(1, 1);
    const moved = page.locator('#totals [data-count="memoryAccess.unfused"] .against');
    expect(Number.parseFloat((await moved.textContent())!)).toBeLessThan(0.4);
    await page.locator('#tour').getByRole('button', { name: 'Done' }).click();
    expect(await page.locator('#tour').count()).toBe(0);
    await page.getByRole('button', { name: 'Another network' }).click();
    await page.locator('#first-model').fill('resnet50');
    await page.locator('#first-model').press('Enter');
    await totalIs(page, 'multAdds', totalsOf('resnet50').multAdds);
  });

  it('a built-in model by name, at another size, batch and bytes', async () => {
    const { page } = opened;
    await page.locator('#model').fill('squeezenet1_1');
    await page.locator('#model').press('Enter');
    await totalIs(page, 'multAdds', totalsOf('squeezenet1_1').multAdds);
    await page.locator('#input-size').fill('3x128x96');
    await page.locator('#input-size').press('Enter');
    const other = profile(graphOf(builtIn('squeezenet1_1'), 4, [3, 128, 96])).totals;
    await page.locator('#batch').fill('4');
    await page.locator('#batch').press('Enter');
    await totalIs(page, 'multAdds', other.multAdds);
    await page.locator('#bytes').selectOption({ index: 2 });
    await page.getByText('elements of 2 bytes').waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await totalIs(page, 'multAdds', totalsOf('squeezenet1_1').multAdds);
  });

  it('another member of its family by one press', async () => {
    const { page } = opened;
    await page.locator('#model').fill('densenet169');
    await page.locator('#model').press('Enter');
    await page.locator('.chip', { hasText: 'densenet201' }).click();
    await totalIs(page, 'multAdds', totalsOf('densenet201').multAdds);
  });

  it('a wrong name or size says what to write, and keeps the last numbers greyed', async () => {
    const { page } = opened;
    await page.locator('#model').fill('resnet5');
    await page.locator('#model').press('Enter');
    await page.locator('#problem', { hasText: 'the nearest names are' }).waitFor();
    expect(await page.locator('#totals').getAttribute('class')).toContain('stale');
    expect(await page.locator('#totals .value').count()).toBe(6);
    await page.locator('#model').fill('resnet18');
    await page.locator('#model').press('Enter');
    await totalIs(page, 'multAdds', totalsOf('resnet18').multAdds);
    await page.locator('#input-size').fill('224');
    await page.locator('#input-size').press('Enter');
    await page.locator('#problem', { hasText: 'as in 3x224x224' }).waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.locator('#problem').waitFor({ state: 'hidden' });
  });

  it('a built-in model becomes a config that counts the same', async () => {
    const { page } = opened;
    await page.locator('#model').fill('vovnet39');
    await page.locator('#model').press('Enter');
    await totalIs(page, 'multAdds', totalsOf('vovnet39').multAdds);
    await page.getByRole('button', { name: 'Edit as YAML' }).click();
    await page.locator('#facts', { hasText: 'config' }).waitFor();
    await totalIs(page, 'multAdds', totalsOf('vovnet39').multAdds);
    expect(await total(page, 'memoryAccess.fused')).toBe(totalsOf('vovnet39').memoryAccess.fused);
  });

  const kinds = Object.entries(WITH_UNKNOWN_OP);
  it('knows a file of every kind', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(FORMATS.length - 1);
  });
  it.each(kinds)('a dropped %s: the op that is not known is named, and the rest counts', async (name, content) => {
    const { page } = opened;
    await drop(page, [{ name: name.replace('/', '-'), content: content() }]);
    await page.locator('#problem', { hasText: /fancy/i }).waitFor();
    await page.getByRole('button', { name: 'Count the rest' }).click();
    await totalIs(page, 'multAdds', MULT_ADDS);
    expect(await page.locator('#bound').textContent()).toContain('lower bound');
  });

  it('a dropped config opens in the editor', async () => {
    const { page } = opened;
    const text = readFileSync('fixtures/configs/own-backbone.yaml', 'utf8');
    await drop(page, [{ name: 'own-backbone.yaml', content: text }]);
    await page.locator('#editor .cm-content').waitFor();
    await totalIs(page, 'multAdds', profile(graphOf(readConfig(text, 'x.yaml'))).totals.multAdds);
  });

  it.each([
    ['a file of no kind', 'notes.txt', 'hello', 'of no kind'],
    ['an empty file', 'empty.onnx', '', 'it is empty'],
    ['a damaged archive', 'broken.pt2', 'PK\u0003\u0004 and nothing more', 'broken.pt2'],
    ['an endless YAML', 'deep.yaml', `a: ${'['.repeat(5000)}`, 'levels of nesting'],
  ])('%s is refused in one sentence', async (_, name, content, words) => {
    const { page } = opened;
    await drop(page, [{ name, content }]);
    await page.locator('#problem', { hasText: words }).waitFor();
  });

  it('every prefix and many flips of a real file: a sentence or numbers, and the page goes on', async () => {
    const { page } = opened;
    const whole = readFileSync('fixtures/files/classifier.tflite');
    for (const [i, length] of [1, 8, 60, 700, Math.floor(whole.length / 2), whole.length - 1].entries()) {
      const content = Buffer.from(whole.subarray(0, length));
      content[(i * 37) % length]! ^= 0xff;
      await drop(page, [{ name: `cut-${length}.tflite`, content }]);
      await page.locator(`#network`, { hasText: /cut-|classifier|main/ }).waitFor();
      await page.locator('#facts', { hasNotText: 'Counting' }).waitFor();
      const said = (await page.locator('#problem').textContent()) ?? '';
      expect(said).not.toContain('has a fault here');
    }
  });

  it.each(HOSTILE.map((name, i) => [i, name] as const))(
    'a file of the hostile name %i harms nothing',
    async (_, name) => {
      const { page } = opened;
      const content = `name: net\ninput: 3x8x8\nlayers:\n  - { conv: { channels: 4, kernel: 1 } }\n`;
      await drop(page, [{ name: `${name.replaceAll('/', '')}.yaml`.slice(-200), content }]);
      await totalIs(page, 'multAdds', MULT_ADDS);
      expect(await page.title()).toContain('flopscope studio');
    },
  );
});
