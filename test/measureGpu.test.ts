// portable/measure-gpu.sh: tries every engine within its time, and one that fails ends nothing.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Writes down how it was called; it has no TensorFlow, and its records are empty objects. */
const STAND_IN = `#!/bin/sh
echo "\${NVIDIA_TF32_OVERRIDE:-unset} $*" >>"$CALLS"
case "$*" in
  *tensorflow*) echo 'error: the engine tensorflow is not here' >&2; exit 2 ;;
  *densenet201*64*) echo 'error: no room' >&2; exit 3 ;;
esac
while [ $# -gt 0 ]; do [ "$1" = -o ] && echo '{}' >"$2"; shift; done
exit 0
`;

describe.skipIf(process.platform !== 'linux')('the script for a machine with a GPU', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-gpu-'));
    writeFileSync(join(folder, 'flopscope'), STAND_IN, { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> =>
    spawnSync('sh', ['portable/measure-gpu.sh', join(folder, 'runs')], {
      env: { ...process.env, FLOPSCOPE: join(folder, 'flopscope'), CALLS: join(folder, 'calls'), ...env },
      encoding: 'utf8',
    });
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
  const summary = (): string => readFileSync(join(folder, 'runs/summary.txt'), 'utf8');

  it('asks the doctor first, then measures six networks at batch 1 and 64 on each engine', () => {
    expect(run()).toMatchObject({ status: 0 });
    expect(calls()[0]).toBe('unset doctor --format json');
    const networks = ['resnet50', 'densenet121', 'densenet201', 'vovnet39', 'vovnet57', 'mobilenet_v2'];
    for (const batch of [1, 64])
      for (const flags of ['onnxruntime --provider webgpu', 'webgpu', 'onnxruntime --provider cuda'])
        expect(
          calls()
            .filter((call) => call.includes(` --batch ${batch} `) && call.endsWith(` --engine ${flags}`))
            .map((call) => call.split(' ').slice(0, 3).join(' ')),
        ).toEqual(networks.map((network) => `unset measure ${network}`));
    // An engine that is not here is asked once for each batch, without TF32 and with it.
    expect(calls().filter((call) => call.startsWith('0 '))).toHaveLength(2);
    expect(calls().filter((call) => call.endsWith('--engine tensorflow'))).toHaveLength(4);
  });

  it('says why an engine gave nothing, and lists the records of the others', () => {
    run();
    expect(summary()).toContain('tensorflow-batch1-resnet50: exit code 2: error: the engine tensorflow is not here');
    expect(summary()).toContain('webgpu-batch64-densenet201: exit code 3: error: no room');
    expect(summary()).toMatch(/^webgpu-batch64-vovnet39: done/m);
    const records = summary()
      .split('\n')
      .find((line) => line.startsWith('records: '));
    expect(records).toContain('onnxruntime-cuda-batch64.json');
    expect(records).not.toContain('tensorflow');
  });

  it('begins nothing when its time is up', () => {
    run({ MINUTES: '0' });
    expect(summary()).toContain('webgpu-batch1-resnet50: ');
    expect(() => calls()).toThrow('ENOENT');
  });
});
