// Do spoilt files of every kind harm the worker of the studio? One sentence each, in Chromium: no fault, no hang.

import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programText } from '../../../src/importers/pt2/archive.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { openArchive } from '../../../src/importers/zip/archive.js';
import { CAFFE_NETS } from '../../importers/caffe/nets.js';
import { DARKNET_NETS } from '../../importers/darknet/nets.js';
import * as keras from '../../importers/keras/mutate.js';
import { spoilt } from '../../importers/mutateText.js';
import * as onnx from '../../importers/onnx/mutate.js';
import * as program from '../../importers/pt2/mutate.js';
import { DECOMPOSED, WHOLE } from '../../importers/pt2/network.js';
import { archiveOf, programOf } from '../../importers/pt2/programOf.js';
import * as tensorflow from '../../importers/tfGraph/mutate.js';
import { fixtures } from '../../importers/tflite/fixtures.js';
import * as tflite from '../../importers/tflite/mutate.js';
import { WITH_UNKNOWN_OP } from '../../importers/unknownOp.js';
import { launch, openStudio, SKIPPED, totalIs, type OpenedStudio } from './harness.js';

/** Of each kind; FUZZ=300 tries more. */
const MANY = Number(process.env['FUZZ'] ?? 25);
/** Milliseconds of one file, on a machine that does other work too. */
const LONGEST = 30_000;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const texts = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
/** Bytes that change wherever they stand. */
const anywhere = (files: readonly Uint8Array[]) => (seed: number) =>
  onnx.spoiltBytes(files[seed % files.length]!, onnx.randomOf(seed), files);
const unknown = (ending: string): readonly Uint8Array[] =>
  Object.entries(WITH_UNKNOWN_OP)
    .filter(([name]) => name.endsWith(ending))
    .map(([, content]) => {
      const made = content();
      return typeof made === 'string' ? bytesOf(made) : made;
    });
const written = (networks: readonly string[]) => (seed: number) => bytesOf(spoilt(networks, seed));

const ONNX = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => file(`fixtures/${name}`))
  .filter(({ length }) => length < 50_000);
const PROGRAMS = [WHOLE, DECOMPOSED].map((network) =>
  programText(openArchive(bytesSource(archiveOf(programOf(network))))),
);
const CONFIGS = texts('fixtures/configs', '.yaml');

const KINDS: Readonly<Record<string, (seed: number) => Uint8Array>> = {
  onnx: (seed) => onnx.mutant(ONNX, seed),
  tflite: (seed) => tflite.mutant(fixtures(), seed),
  keras: anywhere([file('fixtures/files/small.keras'), ...unknown('.keras')]),
  h5: anywhere(unknown('.h5')),
  pt2: (seed) => program.mutant(PROGRAMS, seed),
  pb: (seed) => tensorflow.mutant(tensorflow.GRAPHS, seed),
  cfg: written(DARKNET_NETS),
  prototxt: written(CAFFE_NETS),
  yaml: written(CONFIGS),
  json: (seed) => keras.mutant([], seed),
};

interface Said {
  readonly ok: boolean;
  readonly message: string;
  readonly milliseconds: number;
}

describe.skipIf(SKIPPED)('spoilt files in the worker of the studio', () => {
  let browser: Browser;
  let opened: OpenedStudio;
  beforeAll(async () => {
    browser = await launch();
    opened = await openStudio(browser);
    // One worker for all files: what one of them leaves behind must not harm the next.
    await opened.page.evaluate(`
      const line = 'import ' + JSON.stringify(new URL('worker.js', document.baseURI).href) + ';';
      const worker = new Worker(URL.createObjectURL(new Blob([line], { type: 'text/javascript' })), { type: 'module' });
      let last = 0;
      globalThis.askWorker = (name, base64, isText) => new Promise((resolve) => {
        const id = ++last;
        const begun = performance.now();
        const answer = (said) => {
          clearTimeout(timer);
          worker.removeEventListener('message', hear);
          resolve({ ...said, milliseconds: performance.now() - begun });
        };
        const hear = ({ data }) => {
          if (data.id === id) answer({ ok: data.reply.ok, message: data.reply.ok ? '' : data.reply.refusal.message });
        };
        const timer = setTimeout(() => answer({ ok: false, message: 'no answer' }), ${LONGEST});
        worker.addEventListener('message', hear);
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const source = isText
          ? { kind: 'yaml', name, text: new TextDecoder().decode(bytes) }
          : { kind: 'file', name, key: String(id) };
        const options = { input: null, batch: null, bytes: null, unknown: id % 2 === 0 };
        worker.postMessage({ id, kind: 'count', asked: { source, options, files: [{ path: name, blob: new Blob([bytes]) }] } });
      });
    `);
  }, 60_000);
  afterAll(async () => {
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  it.each(Object.entries(KINDS))('%s: counted or refused in one sentence', async (kind, mutant) => {
    const outcomes = new Set<boolean>();
    for (let seed = 1; seed <= MANY; seed++) {
      const base64 = Buffer.from(mutant(seed)).toString('base64');
      const said = await opened.page.evaluate<Said>(
        `askWorker(${JSON.stringify(`spoilt-${seed}.${kind}`)}, ${JSON.stringify(base64)}, ${kind === 'yaml'})`,
      );
      outcomes.add(said.ok);
      if (said.ok) continue;
      expect(`${kind} ${seed}: ${said.message}`).not.toMatch(/no answer|has a fault|call stack|\n/);
      expect(said.message.length).toBeGreaterThan(10);
      expect(said.message.length).toBeLessThan(2000);
    }
    expect(outcomes).toContain(false);
  });

  it('the page itself: nesting without end in a config is a sentence, and the next one counts', async () => {
    const { page } = opened;
    const deep = [
      `a: ${'['.repeat(50_000)}`,
      `a: ${'{b: '.repeat(20_000)}`,
      Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      Array.from({ length: 3000 }, (_, i) => `${'- '.repeat(i)}a`).join('\n'),
      `layers: [${'{conv: {channels: 1, kernel: 1}},'.repeat(6000)}]`,
      `family: vovnet\nmodules: [${'1, '.repeat(60_000)}1]`,
    ];
    for (const text of deep) {
      await page.evaluate(
        `(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([${JSON.stringify(text)}], 'deep.yaml'));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
        })()`,
      );
      await page.locator('#problem', { hasText: /./ }).waitFor();
      expect(await page.locator('#problem').textContent()).not.toMatch(/has a fault|call stack/);
    }
    await page.getByRole('button', { name: /New|Another network/ }).click();
    await page.locator('#first .example').first().click();
    await totalIs(page, 'ops', 430);
  });
});
