// Does the page work in a real browser? Chromium without network: every control, both themes, three widths, hostile names, scale.

import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_WIDTH } from '../../../reports/charts/pictureFile.js';
import { html } from '../../../reports/report/html.js';
import { reportData, type ReportData } from '../../../reports/report/reportData.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { predict } from '../../../src/devices/predict.js';
import { diagnosed } from '../../../src/diagnosis/diagnose.js';
import type { Run } from '../../../src/measure/run.js';
import { graphOf } from '../../../src/model.js';
import type { Profile } from '../../../src/profile.js';
import { CHROMIUM, launch, openTab, readThrough, shoot, type Shown, type Tab } from './chromium.js';
import { HOSTILE, hostileProfile } from '../hostile.js';
import { profileOf, syntheticRun } from '../synthetic.js';

if (CHROMIUM === undefined && !process.env['CI'])
  console.warn('test/reports/page/browser.test.ts is skipped: no Chromium here (.ci/report-packages installs it)');

/** Pictures for people to look at, with SHOTS=1. */
const SHOTS = 'out/report-shots';

let tab: Tab;
let folder: string;

const unpacked = (path: string): string => brotliDecompressSync(readFileSync(path)).toString();
const font = (weight: number) => ({ weight, data: readFileSync(`dist/fonts/inter-${weight}.woff`) });
const parts = once(() => ({
  ...{ script: unpacked('dist/report/page.js.br'), style: unpacked('dist/report/style.css.br') },
  fonts: [font(400), font(600)],
}));

/** @returns its address */
function write(name: string, data: ReportData): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html(data, parts()));
  return pathToFileURL(path).href;
}

function once<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | undefined;
  return () => (made ??= { it: make() }).it;
}

const dataOf = (profiles: readonly Profile[], runs: readonly Run[], title?: string): ReportData =>
  reportData({ title, madeAt: '2001-01-01T00:00:00Z', version: '0', profiles, runs });

const NAMES = ['resnet50', 'densenet121', 'densenet201', 'vovnet39', 'mobilenet_v2'];

/** Two batches, so that there are two views; the last network was not measured. */
const measuredReport = once((): ReportData => {
  const profiles = [1, 8].flatMap((n) => NAMES.map((name) => profileOf(name, n)));
  const warnings = [{ kind: 'noisy', message: 'half of the windows lie apart', flag: '--windows 15' }] as const;
  const timed = profiles.filter(({ model }) => model !== 'mobilenet_v2');
  return dataOf(
    profiles,
    timed.map((profile, i) => syntheticRun(profile, i === 0 ? { warnings } : {})),
  );
});
const measuredPage = once(() => write('measured', measuredReport()));

const noOverflow = async (page: Page): Promise<void> => {
  const [wanted, there] = await page.evaluate<[number, number]>(
    '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
  );
  expect(there).toBeLessThanOrEqual(wanted);
};

/** Every chart has been drawn: some pixel of its canvas is not empty. */
const blankCharts = (page: Page): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('canvas')].filter((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return !data.some((value) => value > 0);
  }).map((canvas) => canvas.closest('figure').id)`);

describe.skipIf(CHROMIUM === undefined && !process.env['CI'])('the report in Chromium', () => {
  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error('no Chromium: .ci/report-packages installs it');
    folder = await mkdtemp(join(tmpdir(), 'flopscope-report-'));
    tab = await openTab(await launch(), { permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterAll(async () => {
    await tab.close();
    await rm(folder, { recursive: true });
  });

  // The theme changes colours alone, so that one width shows the dark one.
  describe.each([
    ['light', [1440, 768, 390]],
    ['dark', [1440]],
  ] as const)('%s', (colorScheme, widths) => {
    it.each(widths)('reads well at %d pixels: nothing cut, no chart empty, readable contrast', async (width) => {
      const { page, complaints } = await tab.show(measuredPage(), { colorScheme, width });
      await readThrough(page);
      await noOverflow(page);
      expect(await page.locator('canvas').count()).toBe(9);
      expect(await blankCharts(page)).toEqual([]);
      expect(await page.evaluate(CONTRAST)).toEqual([]);
      await shoot(page, `${SHOTS}/measured-${width}-${colorScheme}`);
      expect(complaints).toEqual([]);
    });
  });

  describe('its controls', () => {
    let opened: Shown;
    beforeAll(async () => {
      opened = await tab.show(measuredPage());
    });
    afterAll(() => {
      expect(opened.complaints).toEqual([]);
    });

    const clipboard = (): Promise<string> => opened.page.evaluate('navigator.clipboard.readText()');
    const layers = () => opened.page.locator('#layer-table');
    const cells = (column: number) =>
      opened.page.locator(`#network-table tbody tr > :nth-child(${column})`).allTextContents();

    it('warnings of runs are told near the top', async () => {
      const doubts = await opened.page.locator('#doubts').textContent();
      expect(doubts).toContain('half of the windows lie apart (try --windows 15)');
    });

    it('what else was measured is told, and stands in no ranking of what is shown', async () => {
      const { page } = opened;
      expect(await page.locator('#elsewhere li').allTextContents()).toEqual([
        expect.stringMatching(/^synthetic \(synthetic\), batch 8: /),
      ]);
      expect(await page.locator('#network-table tbody tr').count()).toBe(NAMES.length);
    });

    it('nothing is said of earlier runs where there are none', async () => {
      expect(await opened.page.locator('#earlier').isVisible()).toBe(false);
    });

    it('all controls and pictures have names, and there is one heading of first order', async () => {
      const { page } = opened;
      expect(await page.locator('h1').count()).toBe(1);
      const nameless =
        await page.evaluate(`[...document.querySelectorAll('button, select, input, canvas, [role=region]')]
        .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).length`);
      expect(nameless).toBe(0);
    });

    it('theme: auto, light and dark follow each other and redraw the charts', async () => {
      const { page } = opened;
      const surface = () => page.evaluate('getComputedStyle(document.querySelector("figure")).backgroundColor');
      const button = page.getByRole('button', { name: /^Theme/ });
      const before = await surface();
      await button.click();
      expect(await button.textContent()).toBe('Theme: light');
      await button.click();
      expect(await button.textContent()).toBe('Theme: dark');
      expect(await surface()).not.toBe(before);
      await button.click();
      expect(await surface()).toBe(before);
    });

    it('measured on: another batch changes the head, the finding and the charts', async () => {
      const { page } = opened;
      const select = page.getByLabel('Measured on');
      await select.selectOption({ label: 'synthetic (synthetic), batch 8' });
      expect(await page.locator('#facts').textContent()).toContain('batch 8');
      expect(await page.locator('#findings').textContent()).toContain('it was not measured here');
      await select.selectOption({ index: 0 });
      expect(await page.locator('#facts').textContent()).toContain('batch 1');
    });

    it('focus: networks can be taken out and in, at most four, at least one', async () => {
      const { page } = opened;
      const chips = page.locator('#focus button');
      expect(await chips.nth(4).isDisabled()).toBe(true);
      await chips.nth(1).click();
      expect(await chips.nth(1).getAttribute('aria-pressed')).toBe('false');
      await chips.nth(4).click();
      expect(await page.locator('#balance canvas').getAttribute('aria-label')).toContain('mobilenet_v2');
      for (const i of [4, 3, 2]) await chips.nth(i).click();
      expect(await chips.nth(0).isDisabled()).toBe(true);
      for (const i of [1, 2, 3]) await chips.nth(i).click();
    });

    it('every chart opens its data as a table, and is saved as PNG', async () => {
      const { page } = opened;
      await readThrough(page);
      for (const figure of await page.locator('figure').all()) {
        await figure.locator('summary').click();
        await figure.locator('tbody tr').first().waitFor();
        await figure.locator('summary').click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          figure.getByRole('button', { name: 'Save as PNG' }).click(),
        ]);
        const picture = await loadImage(readFileSync(await download.path()));
        expect(picture.width).toBe(2 * FILE_WIDTH);
        const pen = createCanvas(1, 1).getContext('2d');
        pen.drawImage(picture, 0, 0);
        // On a surface of its own: a transparent picture would be unreadable elsewhere.
        expect([...pen.getImageData(0, 0, 1, 1).data]).toEqual([255, 255, 255, 255]);
      }
    });

    it('a heading sorts largest first, then smallest first, then as it was', async () => {
      const { page } = opened;
      const heading = page.locator('#network-table [data-sort=multAdds]');
      await heading.click();
      expect((await cells(1))[0]).toBe('vovnet39');
      expect(await page.locator('#network-table th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
      await heading.click();
      expect((await cells(1))[0]).toBe('mobilenet_v2');
      await heading.click();
      expect(await cells(1)).toEqual(NAMES);
    });

    it('a network without a time has an empty cell, never a zero', async () => {
      const titles = await opened.page.locator('#network-table thead th .sort').allTextContents();
      expect((await cells(1 + titles.indexOf('time')))[4]).toBe('');
    });

    it('the filter keeps matching rows and opens their groups', async () => {
      const filter = layers().getByRole('searchbox');
      await filter.fill('conv 7x7');
      expect(await layers().locator('tbody tr:not(.group)').count()).toBe(1);
      expect(await layers().locator('.status').textContent()).toBe('1 of 175 rows');
      await filter.fill('');
    });

    it('groups open and close, and can be of stages, blocks, ops or none', async () => {
      const rows = () => layers().locator('tbody tr:not(.group)').count();
      expect(await rows()).toBe(0);
      await layers().locator('button.group').first().click();
      expect(await rows()).toBe(4);
      await layers().locator('button.group').first().click();
      const by = layers().getByLabel('Group by');
      const counted = profileOf('resnet50').layers;
      for (const way of ['op', 'block'] as const) {
        await by.selectOption(way);
        const groups = new Set(counted.map((layer) => layer[way]));
        expect(await layers().locator('tr.group').count()).toBe(groups.size);
      }
      await by.selectOption('nothing');
      expect(await layers().locator('tr.group').count()).toBe(0);
      expect(await rows()).toBe(175);
      await by.selectOption('stage');
    });

    it('a group shows what its layers come to: sums, and the balance of its convolutions together', async () => {
      const headings = await layers().locator('thead th .sort').allTextContents();
      const first = await layers().locator('tr.group').first().locator('> *').allTextContents();
      const stem = profileOf('resnet50').layers.filter(({ stage }) => stage === 'stem');
      const sum = (pick: (layer: (typeof stem)[number]) => number): number =>
        stem.reduce((all, one) => all + pick(one), 0);
      expect(first[headings.indexOf('multiply-adds')]).toBe(sum(({ multAdds }) => multAdds).toLocaleString('en-US'));
      const [conv] = stem.filter(({ memoryAccessBound }) => memoryAccessBound !== null);
      expect(first[headings.indexOf('balance')]).toBe(
        (conv!.memoryAccessUnfused / conv!.memoryAccessBound!).toFixed(2),
      );
    });

    it('columns out of sight are told by a shade at the edge, until the table is scrolled to its end', async () => {
      const frame = opened.page.locator('#network-table .scrollframe');
      expect(await frame.getAttribute('class')).toContain('more');
      await frame.locator('.scroller').evaluate((one: { scrollLeft: number }) => {
        one.scrollLeft = 1e6;
      });
      await opened.page.waitForSelector('#network-table .scrollframe:not(.more)');
    });

    it('shading can be switched off', async () => {
      const table = layers().locator('table');
      const shaded = layers().locator('td[style]');
      expect(await shaded.count()).toBeGreaterThan(0);
      await layers().getByLabel('Shade').uncheck();
      expect(await table.getAttribute('class')).not.toContain('heat');
      await layers().getByLabel('Shade').check();
    });

    it('another network shows its layers', async () => {
      await layers().locator('> label select').selectOption('densenet121');
      expect(await layers().locator('.status').first().textContent()).toBe('431 rows');
    });

    it('copies what is shown as CSV with all digits, and as Markdown', async () => {
      const { page } = opened;
      const table = page.locator('#network-table');
      await table.getByRole('button', { name: 'Copy CSV' }).click();
      await page.getByText('CSV copied.').waitFor();
      const [head, first] = (await clipboard()).split('\n');
      expect(head).toMatch(/^network,multAdds,multAddsRatio,memoryAccessUnfused,/);
      expect(first).toContain('4089184256');
      await table.getByRole('button', { name: 'Copy Markdown' }).click();
      await page.getByText('Markdown copied.').waitFor();
      expect(await clipboard()).toContain('| resnet50 |');
    });

    it('copies without a clipboard, too', async () => {
      const { page } = opened;
      await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("none"))');
      await page.locator('#network-table').getByRole('button', { name: 'Copy CSV' }).click();
      await page.getByText('CSV copied.').waitFor();
    });

    it('every "?" explains its column; Escape closes', async () => {
      const { page } = opened;
      const box = page.locator('#definition');
      for (const button of await page.locator('button.meaning').all()) {
        await button.scrollIntoViewIfNeeded();
        await button.click();
        expect((await box.textContent())!.length).toBeGreaterThan(15);
        await page.keyboard.press('Escape');
        expect(await box.isVisible()).toBe(false);
      }
    });

    it('downloads the whole data', async () => {
      const { page } = opened;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download data (JSON)' }).click(),
      ]);
      const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as ReportData;
      expect(saved).toEqual(JSON.parse(JSON.stringify(measuredReport())));
    });

    it('works by keyboard: sort and group keep their focus', async () => {
      const { page } = opened;
      const heading = layers().getByRole('button', { name: 'unfused', exact: true });
      await heading.focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('unfused');
      const group = layers().locator('button.group').first();
      await group.focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.getAttribute("aria-expanded")')).toBe('true');
    });
  });

  it('without measurements it says so, and shows no time', async () => {
    const url = write(
      'counted',
      dataOf(
        NAMES.map((name) => profileOf(name)),
        [],
      ),
    );
    const { page, complaints } = await tab.show(url);
    await readThrough(page);
    const text = (await page.locator('main, header').allTextContents()).join(' ').split('Words')[0]!;
    expect(text).toContain('no time is shown');
    expect(text).not.toMatch(/\d ms/);
    expect(await page.locator('canvas').count()).toBe(3);
    await shoot(page, `${SHOTS}/counted-1440-light`);
    expect(complaints).toEqual([]);
  });

  describe('of one network', () => {
    const device = builtInDevice('rtx-4090');
    const alone = (network: string, name = network): ReportData => {
      const graph = graphOf(builtIn(network));
      const counted = { ...profileOf(network), model: name };
      return reportData({
        ...{ madeAt: '2001-01-01T00:00:00Z', version: '0', profiles: [counted], runs: [], devices: [device] },
        diagnose: () => diagnosed(graph, { device }),
        predict: () => [predict(graph, counted, device)],
      });
    };
    const page121 = once(() => write('alone', alone('densenet121')));

    it.each([
      [390, 'light'],
      [800, 'dark'],
      [1280, 'dark'],
      [1920, 'light'],
    ] as const)('leads with its findings at %d pixels, %s', async (width, colorScheme) => {
      const { page, complaints } = await tab.show(page121(), { colorScheme, width });
      await readThrough(page);
      await noOverflow(page);
      expect(await page.locator('#headline').textContent()).toMatch(/^densenet121: concats copy the same/);
      expect(await page.locator('.finding').count()).toBeGreaterThan(1);
      const top = (selector: string) =>
        page.evaluate(`document.querySelector('${selector}').getBoundingClientRect().top`);
      expect(Number(await top('#advice'))).toBeLessThan(Number(await top('#facts')));
      expect(await page.evaluate(CONTRAST)).toEqual([]);
      await shoot(page, `${SHOTS}/alone-${width}-${colorScheme}`);
      expect(complaints).toEqual([]);
    });

    describe('at 1440 pixels', () => {
      let opened: Shown;
      beforeAll(async () => {
        opened = await tab.show(page121());
      });
      afterAll(() => {
        expect(opened.complaints).toEqual([]);
      });

      it('has one network in its table, which has nothing to be shaded against', async () => {
        const { page } = opened;
        expect(await page.locator('#network-table caption').textContent()).toBe('1 network at batch 1');
        expect(await page.locator('#network-table td').count()).toBeGreaterThan(4);
        expect(await page.locator('#network-table td[style]').count()).toBe(0);
        expect(await page.locator('#network-table').getByLabel('Shade').count()).toBe(0);
        expect(await page.locator('#layer-table td[style]').count()).toBeGreaterThan(4);
      });

      it('says predicted wherever a time stands', async () => {
        const { page } = opened;
        expect(await page.locator('#predicted h2').textContent()).toBe('Predicted times');
        expect(await page.locator('#facts').textContent()).toContain('every time is predicted');
        expect(await page.locator('#layer-table thead').textContent()).toContain('of predicted time');
      });

      it('a card opens to its layers, a part to its own, and the table starts with the largest share', async () => {
        const { page } = opened;
        await page.locator('.finding summary').first().click();
        expect(await page.locator('.finding').first().locator('li').count()).toBeGreaterThan(9);
        await page.locator('#icicle button.leaf', { hasText: 'denseblock2' }).first().click();
        expect(await page.locator('#icicle .path').textContent()).toMatch(
          /densenet121 \/ denseblock2: .* ms predicted, /,
        );
        await page.getByRole('button', { name: 'Whole network' }).click();
        await page.locator('#icicle select').selectOption({ label: 'multiply-adds' });
        expect(await page.locator('#icicle .path').textContent()).toBe('densenet121: 2.83 G');
        const shares = await page.locator('#layer-table tbody tr > :nth-child(2)').allTextContents();
        const numbers = shares.map((text) => Number.parseFloat(text.replace('<', '')) || 0);
        expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
      });
    });

    it.each(HOSTILE)('keeps the name %j text', async (name) => {
      const url = write('hostile-alone', alone('squeezenet1_1', name));
      const { page, complaints } = await tab.show(url, { width: 390 });
      await noOverflow(page);
      expect(await page.title()).not.toBe('taken');
      expect(complaints).toEqual([]);
    });
  });

  it('prints in the light theme on A4, with every chart', async () => {
    const { page, complaints } = await tab.show(measuredPage(), { colorScheme: 'dark' });
    const pdf = await page.pdf({ path: `${SHOTS}/measured.pdf`, preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(5);
    expect(pages).toBeLessThanOrEqual(12);
    expect(complaints).toEqual([]);
  });

  describe('hostile names', () => {
    it.each([1440, 390])('change nothing and break no layout at %d pixels', async (width) => {
      const profiles = HOSTILE.map(hostileProfile);
      const device = { ...syntheticRun(profiles[0]!).device, name: HOSTILE[0], driver: HOSTILE[1]! };
      // Two devices, so that there is one to choose.
      const runs = [device, { ...device, name: HOSTILE[3]! }].flatMap((each) =>
        profiles.map((profile) => syntheticRun(profile, { device: each, engine: HOSTILE[4]! })),
      );
      const url = write('hostile', dataOf(profiles, runs, HOSTILE[0]));
      const { page, complaints } = await tab.show(url, { width });
      await readThrough(page);
      await noOverflow(page);
      expect(await page.title()).not.toBe('taken');
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      expect(await blankCharts(page)).toEqual([]);
      expect(await page.evaluate(OVERFLOWING)).toEqual([]);
      await page.locator('#layer-table').getByLabel('Group by').selectOption('nothing');
      await page.locator('#layer-table > label select').selectOption({ index: 5 });
      await page.locator('#stages summary').click();
      await noOverflow(page);
      await shoot(page, `${SHOTS}/hostile-${width}-light`);
      expect(complaints).toEqual([]);
    });
  });

  it('shows earlier runs as before and after, at every width', async () => {
    const profiles = NAMES.map((name) => profileOf(name));
    const before = profiles.slice(0, 2).map((profile) => {
      const run = syntheticRun(profile, { measuredAt: '2000-01-01T12:00:00.000Z', flopscope: '0.0.9' });
      return { ...run, sessions: run.sessions.map((session) => ({ ...session, id: `before ${session.id}` })) };
    });
    const url = write('earlier', dataOf(profiles, [...before, ...profiles.map((profile) => syntheticRun(profile))]));
    for (const width of [1440, 390]) {
      const { page, complaints } = await tab.show(url, { width });
      await readThrough(page);
      expect(await page.locator('#earlier h2').isVisible()).toBe(true);
      expect(await page.locator('#earlier tbody tr').count()).toBe(2);
      const [first] = await page.locator('#earlier tbody tr').allTextContents();
      expect(first).toMatch(/^resnet502000-01-01 12:00.+2001-01-01 12:00.+no significant difference/);
      expect(first).toContain('flopscope 0.0.9 -> 0.0.0');
      expect(await page.evaluate(CONTRAST)).toEqual([]);
      await noOverflow(page);
      await shoot(page, `${SHOTS}/earlier-${width}-light`);
      expect(complaints).toEqual([]);
    }
  });

  it('thirty networks of 600 layers open and scroll', async () => {
    const base = profileOf('densenet201');
    const more = Array.from({ length: 600 }, (_, i) => {
      const layer = base.layers[i % base.layers.length]!;
      return { ...layer, name: `${layer.name}.${i}` };
    });
    const profiles = Array.from({ length: 30 }, (_, i) => ({ ...base, model: `network_${i}`, layers: more }));
    const runs = profiles.map((profile) => syntheticRun(profile));
    const url = write('large', dataOf(profiles, runs));
    const { page, complaints } = await tab.show(url);
    await readThrough(page);
    await noOverflow(page);
    expect(await blankCharts(page)).toEqual([]);
    expect(await page.locator('#layer-table option').count()).toBeGreaterThanOrEqual(30);
    expect(await page.locator('#findings li').first().isVisible()).toBe(false);
    await page.locator('#findings summary').click();
    expect(await page.locator('#findings li:visible').count()).toBe(29);
    await page.locator('#layer-table').getByLabel('Group by').selectOption('nothing');
    expect(await page.locator('#layer-table tbody tr').count()).toBe(600);
    await shoot(page, `${SHOTS}/large-1440-light`);
    expect(complaints).toEqual([]);
  });
});

/** Words of buttons and headings of cards that reach over the edge of these. */
const OVERFLOWING = `[...document.querySelectorAll('button, .card h3')].filter((one) =>
  [...one.querySelectorAll('.clip')].some((text) => text.getBoundingClientRect().right > one.getBoundingClientRect().right)
).map((one) => one.textContent.slice(0, 30))`;

/** Texts below 4.5:1 against the nearest painted background (WCAG 2.1, 1.4.3), by their words. */
const CONTRAST = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour.startsWith('rgb') && !/, 0\\)$/.test(colour)) return parse(colour);
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  for (const one of document.querySelectorAll('p, dt, dd, li, h1, h2, h3, button, td, th, summary, label span, footer')) {
    if (!one.textContent.trim() || one.closest('.offscreen, #announcement, [hidden], :disabled')) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(one.className + ': ' + one.textContent.trim().slice(0, 30));
  }
  return [...bad];
})()`;
