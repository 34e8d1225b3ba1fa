// Does every command take a file of Keras where it takes a name?

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mobilenet } from '../importers/keras/applications.js';
import { capture } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-keras-'));
const file = join(folder, 'mobilenet.json');
writeFileSync(file, JSON.stringify(mobilenet().keras3()));

describe('a file of Keras', () => {
  it('is profiled, at another size too', async () => {
    const { out, code } = await capture(['profile', file, '--format', 'json']);
    expect(code).toBe(0);
    const { source, totals } = JSON.parse(out) as { source: string; totals: { params: number } };
    expect([source, totals.params]).toEqual(['tfjs', 4_253_864 - 21_888]);
    expect((await capture(['profile', file, '--input', '3x160x160', '--batch', '2'])).code).toBe(0);
  });

  it('is compared, and has a closed form', async () => {
    expect((await capture(['compare', file, 'mobilenet_v1'])).out).toContain('mobilenet_1.00_224');
    expect((await capture(['formula', file])).out).toContain('h: input height, a multiple of 32.');
  });

  it('becomes ONNX that onnxruntime runs as the engines do', async () => {
    const { graphOf } = await import('../../src/model.js');
    const { readTfjs } = await import('../../src/importers/tfjs/readTfjs.js');
    const { interpret } = await import('../engines/reference.js');
    const { outputsOf, SEED } = await import('../exporters/onnx/onnxruntime.js');
    const [source, target] = ['fixtures/tfjs/mixed.json', join(folder, 'mixed.onnx')];
    expect((await capture(['convert', source, '--seed', String(SEED), '-o', target])).code).toBe(0);
    const graph = graphOf(readTfjs(readFileSync(source, 'utf8'), source));
    const [expected] = [...interpret(graph, SEED).values()];
    const [result] = [...(await outputsOf(readFileSync(target), graph)).values()];
    for (const [i, value] of expected!.values.entries()) expect(result!.values[i]).toBeCloseTo(value, 4);
  });

  it.each(['{"modelTopology": ', '{"class_name": 3}', '{"class_name": "Sequential", "config": {"layers": []}}'])(
    'that says %s is refused in one sentence',
    async (text) => {
      const broken = join(folder, 'broken.json');
      writeFileSync(broken, text);
      const { out, err, code } = await capture(['profile', broken]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^error: .*broken\.json: .*\n$/);
    },
  );
});
