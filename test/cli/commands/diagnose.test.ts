// Does flopscope MODEL print the answer, and is a mistyped command still one sentence?

import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

describe('flopscope MODEL', () => {
  it('fits 80 columns, and names each finding', async () => {
    const { out, code } = await capture(['densenet121']);
    expect(code).toBe(0);
    expect(out).toMatch(/^densenet121, input \[1, 3, 224, 224\]: 2\.83 G multiply-adds/);
    expect(out).toMatch(/Counts alone, not measured/);
    expect(out).toMatch(/dense-aggregation/);
    expect(out).toMatch(/^2 findings \(59 batch norms folded, as in runtimes: 371 ops, 105 M elements left\)$/m);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(out.split('\n').length).toBeLessThan(50);
  });

  it('reads a file, and a detector', async () => {
    expect((await capture(['fixtures/files/tiny.cfg'])).out).toMatch(/^tiny, input/);
    expect((await capture(['--detector', 'ssd300', '--backbone', 'vgg16'])).out).toMatch(/^ssd300@vgg16, input/);
  });

  it('prints json with the figures, and markdown', async () => {
    const { out } = await capture(['vgg16', '--format', 'json']);
    const result = JSON.parse(out) as { schema: string; findings: { audit: string; saves: object }[] };
    expect(result.schema).toBe('flopscope.diagnosis/2');
    expect(result.findings[0]).toMatchObject({ audit: 'heavy-classifier', saves: { params: 100663296 } });
    expect((await capture(['vgg16', '--format', 'markdown'])).out).toMatch(/1\. \*\*The classifier holds/);
  });

  it('shows measured times of a run', async () => {
    const { out } = await capture(['resnet50', '--runs', 'fixtures/runs/amd-epyc-tensorflow.json']);
    expect(out).toMatch(/Measured: \d+(\.\d+)? ms for an inference on/);
  });

  it('says what a run warns of, once and shortly, and how many parts it leaves out', async () => {
    const { out } = await capture(['resnet50', '--runs', 'fixtures/runs/amd-epyc-tensorflow.json']);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text.split('Warning: ').slice(1)).toHaveLength(2);
    expect(text).toContain('Warning: the second half of the run is 3.3 % slower than the first.');
    expect(text).toContain('Warning: half of the windows lie 7.8 % apart: something else uses this machine.');
    expect(text).toContain('measure again with --sessions 6.');
    expect(out).toMatch(/^The largest layers: 5 of \d+ timed layers$/m);
    expect(out).not.toMatch(/launches/);
    expect((await capture(['densenet121'])).out).toMatch(/^Where it sits: \d of \d+ stages$/m);
  });

  it.each(['--top', '--sort', '--by'])('%s: names the command that shows more', async (flag) => {
    const { err, code } = await capture(['resnet50', flag, '20']);
    expect(code).toBe(2);
    expect(err).toBe(
      `error: unknown option '${flag}'; flopscope profile MODEL --sort multAdds --top 20 shows more layers\n`,
    );
  });

  it('predicts for a device, and says that it is predicted', async () => {
    const { out, code } = await capture(['densenet121', '--device', 'rtx-4090', '--batch', '512']);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/Predicted, not measured: \d+ ms \(90 % interval \d+ to \d+ ms\)/);
    expect(out).toMatch(/ms predicted/);
  });

  it.each([
    ['a run and a device', ['resnet50', '--runs', 'a.json', '--device', 'rtx-4090'], /exclude each other/],
    ['a device that is not there', ['resnet50', '--device', 'rtx-9'], /no built-in device "rtx-9"/],
    ['a mistyped command', ['profil'], /unknown command 'profil' \(Did you mean profile\?\)/],
    ['a mistyped model', ['resnet51'], /no built-in model "resnet51"; the nearest names are resnet50/],
    ['several models', ['resnet50', 'vgg16'], /takes one model.*flopscope compare/],
    ['a file that is not there', ['no/such.onnx'], /no such file/],
  ])('%s: exit code 2 and one sentence', async (_, args, message) => {
    const { out, err, code } = await capture(args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
