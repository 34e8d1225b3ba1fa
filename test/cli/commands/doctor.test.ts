// Does the doctor tell what works, survive what does not, and say what to do? Fakes stand in for broken addons and GPUs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doctorSheet } from '../../../reports/sheets/doctorSheet.js';
import { plainLook } from '../../../cli/screen.js';
import { terminal } from '../../../reports/text/terminal.js';
import type { DoctorReport } from '../../../src/doctor.js';
import { brokenEngine } from '../../../src/engines/probe.js';
import { tryEngine } from '../../../src/engines/tryEngine.js';
import { fakeSmi, gpuLine, smiWith, uuidOf } from '../../nvidia/smi.js';
import { capture } from '../capture.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopscope-doctor-'));
  vi.stubEnv('FLOPSCOPE_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function fakeTfjsNode(code: string): void {
  const home = join(folder, 'tensorflow/node_modules/@tensorflow/tfjs-node');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "name": "@tensorflow/tfjs-node", "version": "4.22.0" }');
  writeFileSync(join(home, 'index.js'), code);
}

// A whole diagnosis starts every engine and takes seconds: what one engine shows is asked of that engine alone.
describe('doctor', () => {
  it('runs a convolution on every engine that is there, and asks nvidia-smi for GPUs, driver and power', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA H100 80GB HBM3')));
    const { out, code } = await capture(['doctor', '--format', 'json']);
    expect(code).toBe(0);
    const { schema, engines, providers, auto, node, nvidia } = JSON.parse(out) as DoctorReport;
    expect(schema).toBe('flopscope.doctor/1');
    expect(node.supported).toBe(true);
    expect(engines.map(({ name }) => name)).toEqual(['tensorflow', 'onnxruntime', 'webgpu', 'wasm', 'cpu']);
    for (const engine of engines) {
      if (engine.works) expect(engine.convolutionError).toBeLessThan(1e-5);
      else
        expect(engine).toMatchObject({ problem: expect.any(String) as string, remedy: expect.any(String) as string });
      if (['wasm', 'cpu'].includes(engine.name)) expect(engine).toMatchObject({ works: true, layerClock: 'host' });
    }
    expect(auto).not.toBeNull();
    const hasRuntime = engines.some(({ name, works }) => name === 'onnxruntime' && works);
    expect(providers.find(({ provider }) => provider === 'cpu')?.works ?? false).toBe(hasRuntime);
    expect(providers.map(({ provider }) => provider)).toEqual(['cpu', 'webgpu', 'cuda', 'tensorrt', 'coreml', 'dml']);
    if (process.platform === 'linux')
      expect(providers.find(({ provider }) => provider === 'coreml')).toMatchObject({
        ...{ works: false, problem: 'CoreML is there on macOS alone' },
      });
    for (const { works, settings, provider, problem } of providers)
      if (works) expect(settings).toMatchObject({ provider });
      else expect(problem).not.toBe('');
    expect(nvidia.problem).toBeNull();
    expect(nvidia.gpus).toMatchObject([
      { index: 0, name: 'NVIDIA H100 80GB HBM3', driver: '550.54.14', memoryMib: 81559, watts: 68.91, uuid: uuidOf(0) },
    ]);
  });

  it('survives an addon that crashes while it loads', async () => {
    fakeTfjsNode('process.stderr.write("bad addon\\n"); process.abort();');
    const { works, problem, remedy } = await tryEngine('tensorflow');
    expect({ works, remedy }).toEqual({ works: false, remedy: 'set it up again: flopscope setup tensorflow' });
    expect(problem).toContain('it crashed (SIGABRT)');
  });

  it('passes on what an addon says that does not load', async () => {
    fakeTfjsNode('throw new Error("libtensorflow.so.2: cannot open shared object file");');
    expect((await tryEngine('tensorflow')).problem).toBe(
      '@tensorflow/tfjs-node is installed, but does not load: libtensorflow.so.2: cannot open shared object file',
    );
  });

  it('ends with exit code 3 only where no engine works, after the report; each reason is one line of printable text', async () => {
    fakeSmi('printf "\\033[31mNVIDIA-SMI has failed.\\033[0m\\n"; exit 9');
    const crash = join(folder, 'crash.cjs');
    writeFileSync(crash, 'process.exit(9);');
    vi.stubEnv('NODE_OPTIONS', `--require=${crash}`);
    const { out, err, code } = await capture(['doctor']);
    expect(code).toBe(3);
    expect(out).toContain('wasm: it crashed (exit code 9). To do: install flopscope again.');
    expect(err).toContain('no engine works on this machine');
    expect(out).toContain('nvidia-smi: nvidia-smi failed:');
    expect(out).toContain('NVIDIA-SMI has failed.');
    expect(out).not.toContain('\u001b');
  });
});

const HEALTHY = { problem: null, remedy: null, works: true, convolutionError: 2e-7 } as const;
const report: DoctorReport = {
  schema: 'flopscope.doctor/1',
  version: '1.2.3',
  node: { version: '20.20.2', platform: 'linux x64', glibc: '2.36', supported: true },
  engines: [],
  providers: [],
  auto: null,
  renderers: [],
  nvidia: { gpus: [], problem: 'nvidia-smi is not on the PATH' },
  energy: [],
};
const GPU = { kind: 'gpu', vendor: 'nvidia', name: 'NVIDIA T4', software: false, driver: '550.54.14' } as const;

it('the table has a row for each provider of ONNX Runtime, and one thing to do for those that do not work', () => {
  const text = terminal(
    doctorSheet({
      ...report,
      engines: [{ ...brokenEngine('onnxruntime', '', ''), ...HEALTHY }],
      providers: [
        { ...brokenEngine('onnxruntime', '', ''), ...HEALTHY, provider: 'cpu' },
        { ...brokenEngine('onnxruntime', 'CUDA found no NVIDIA GPU', 'install it'), provider: 'cuda' },
      ],
    }),
    plainLook,
  );
  expect(text).toMatch(/^providers of onnxruntime\ncpu +yes .*\ncuda +no/m);
  expect(text).toContain('\nonnxruntime --provider cuda: CUDA found no NVIDIA GPU. To do: install it.\n');
  expect(text).not.toContain('--provider cpu:');
});

it('the table says whose power the runs of each engine would have, and why not', () => {
  const text = terminal(
    doctorSheet({
      ...report,
      engines: [{ ...brokenEngine('tensorflow', '', ''), ...HEALTHY, device: GPU }],
      energy: [
        { engine: 'tensorflow', gpu: 'GPU-1', field: 'power.draw', reason: null },
        { engine: 'webgpu', gpu: null, field: null, reason: 'nvidia-smi knows no radeon' },
      ],
    }),
    plainLook,
  );
  expect(text).toContain('J/image with tensorflow: from power.draw of GPU-1.');
  expect(text).toContain('J/image with webgpu: none, because nvidia-smi knows no radeon.');
});

it('a software adapter is labelled in the table and explained below it', () => {
  const text = terminal(
    doctorSheet({
      ...report,
      engines: [
        {
          ...brokenEngine('webgpu', '', ''),
          ...HEALTHY,
          device: { kind: 'gpu', vendor: 'google', name: 'SwiftShader', software: true, driver: 'SwiftShader 5.0.0' },
          maxTensorBytes: 2 ** 30,
          layerClock: 'device',
        },
      ],
    }),
    plainLook,
  );
  expect(text).toMatch(/webgpu +software only +SwiftShader +SwiftShader 5.0.0 +1.0 GiB +device +off by 2e-7/);
  expect(text).toContain('its times say nothing about a GPU');
  expect(text).toContain('--engine auto finds nothing here.');
});
