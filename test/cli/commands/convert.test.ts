// Does flopscope convert write what it was asked for, whole, and nothing where it cannot?

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/engines/open.js';
import { builtIn } from '../../../src/builtIn.js';
import { graphOf } from '../../../src/model.js';
import { outputsOf } from '../../exporters/onnx/onnxruntime.js';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-convert-'));
const path = (name: string): string => join(folder, name);

describe('flopscope convert', () => {
  it('writes ONNX that computes what the cpu engine does with the same seed', async () => {
    const file = path('resnet20.onnx');
    const { out, code } = await capture(['convert', 'resnet20', '--seed', '7', '-o', file]);
    const graph = graphOf(builtIn('resnet20'));
    const nodes = graph.nodes.length;
    expect([code, out]).toEqual([0, `${file}: ONNX opset 17, ${nodes} nodes, weights of seed 7, 1.1 MiB\n`]);
    const opened = await openEngine('cpu');
    if (!opened.available) expect.fail(opened.problem);
    const executable = await opened.engine.load(graph, { seed: 7 });
    const [expected] = await executable.outputs();
    executable.dispose();
    const [result] = [...(await outputsOf(readFileSync(file), graph)).values()];
    for (const [i, value] of expected!.values.entries()) expect(result!.values[i]).toBeCloseTo(value, 3);
  });

  it('writes YAML models, at another input and batch', async () => {
    const config = path('net.yaml');
    writeFileSync(config, 'input: 3x8x8\nlayers:\n  - convNorm: { channels: 4 }\n    name: first\n  - globalAvgPool\n');
    const file = path('net.onnx');
    const { code } = await capture(['convert', config, '--input', '3x6x6', '--batch', '2', '-o', file]);
    expect(code).toBe(0);
    const { readConfig } = await import('../../../src/importers/config/readConfig.js');
    const graph = graphOf(readConfig(readFileSync(config, 'utf8'), config), 2, [3, 6, 6]);
    const [result] = [...(await outputsOf(readFileSync(file), graph)).values()];
    expect(result!.shape).toEqual([2, 4, 1, 1]);
  });

  it('writes a graph that is read again as the same model', async () => {
    const file = path('graph.json');
    expect((await capture(['convert', 'vovnet39', '-o', file])).code).toBe(0);
    const [first, second] = await Promise.all(
      ['vovnet39', file].map((model) => capture(['profile', model, '--by', 'stage', '--format', 'csv'])),
    );
    expect(second!.out).toBe(first!.out);
  });

  it.each([
    ['dot', /^digraph "resnet18" \{\n/],
    ['gv', /^digraph "resnet18" \{\n/],
    ['mmd', /^---\ntitle: "resnet18"\n---\nflowchart TB\n/],
    ['mermaid', /^---\ntitle: "resnet18"\n---\nflowchart TB\n/],
    ['json', /^\{\n {2}"schema": "flopscope.graph\/2"/],
  ])('knows the kind by the ending .%s', async (ending, start) => {
    const file = path(`resnet18.${ending}`);
    const { out, code } = await capture(['convert', 'resnet18', '-o', file]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${file}: .*(arrows|nodes), .* KiB\\n$`));
    expect(readFileSync(file, 'utf8')).toMatch(start);
  });

  it('prints a text where no file is named, and takes --to over an ending', async () => {
    const { out } = await capture(['convert', 'resnet18', '--to', 'dot', '--by', 'stage']);
    expect(out).toMatch(/^digraph/);
    expect((await capture(['convert', 'resnet18', '--to', 'dot', '--by', 'stage', '-o', path('x.txt')])).code).toBe(0);
    expect(readFileSync(path('x.txt'), 'utf8')).toBe(out);
  });

  it('says that a picture passes what Mermaid draws', async () => {
    const { err, code } = await capture(['convert', 'densenet201', '--to', 'mermaid', '--by', 'layer']);
    expect(code).toBe(0);
    expect(err).toMatch(/^Mermaid draws 500 links and 50,000 characters .* --by block or stage draws fewer\n$/);
  });

  it('puts weights in a second file, or leaves them out', async () => {
    const [apart, bare] = [path('apart.onnx'), path('bare.onnx')];
    expect((await capture(['convert', 'resnet20', '--external', '-o', apart])).out).toContain(
      `seed 1 in ${apart}.data`,
    );
    const externalData = [{ path: 'apart.onnx.data', data: readFileSync(`${apart}.data`) }];
    expect((await outputsOf(readFileSync(apart), graphOf(builtIn('resnet20')), { externalData })).size).toBe(1);
    expect((await capture(['convert', 'vgg16', '--no-weights', '-o', bare])).out).toContain(
      '38 nodes, no weights, 8.5 KiB',
    );
  });

  it.each([
    [['resnet18'], /the kind of file is not known: give -o FILE, or --to onnx, dot, mermaid, graph$/],
    [['resnet18', '-o', path('x.foo')], /x\.foo: the ending says no kind; use \.onnx, \.dot, .* or say --to/],
    [['resnet18', '-o', path('onnx')], /onnx: the ending says no kind/],
    [['resnet18', '--to', 'onnx'], /--to onnx writes bytes, which are not printed: give -o FILE$/],
    [['resnet18', '--to', 'tflite'], /Allowed choices are onnx, dot, mermaid, graph/],
    [
      ['resnet18', '-o', path('x.onnx'), '--by', 'stage'],
      /--by has no effect on onnx: leave it out, or choose dot or mermaid$/,
    ],
    [
      ['resnet18', '-o', path('x.dot'), '--no-weights'],
      /--no-weights has no effect on dot: leave it out, or choose onnx$/,
    ],
    [['resnet18', '-o', path('x.json'), '--seed', '2'], /--seed has no effect on graph/],
    [
      ['resnet18', '-o', path('x.onnx'), '--batch', '2', '--dynamic-batch'],
      /--batch and --dynamic-batch exclude each other/,
    ],
    [
      ['resnet18', '-o', path('x.onnx'), '--external', '--no-weights'],
      /--external and --no-weights exclude each other/,
    ],
    [['resnet18', '-o', path('no/x.onnx')], /no\/x\.onnx: cannot be written/],
    [['resnet17', '-o', path('x.onnx')], /no built-in model "resnet17"/],
    [['resnet18', '-o', path('x.onnx'), '--input', '3x2'], /--input 3x2 is not CxHxW/],
  ])('refuses %j in one sentence and writes nothing', async (args, message) => {
    const { out, err, code } = await capture(['convert', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err.trim()).toMatch(message);
    expect(err.trim()).not.toContain('\n');
    expect(existsSync(path('x.onnx'))).toBe(false);
  });

  it('does not write over the model that it reads', async () => {
    const file = path('own.json');
    await capture(['convert', 'resnet20', '-o', file]);
    const before = readFileSync(file, 'utf8');
    const { err, code } = await capture(['convert', file, '--input', '3x64x64', '-o', join(folder, '.', 'own.json')]);
    expect(code).toBe(2);
    expect(err).toMatch(/own\.json: is the model that is converted; choose another path/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('leaves no half-written file behind', () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
