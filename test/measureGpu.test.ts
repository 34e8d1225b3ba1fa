// scripts/portable/measure-gpu.sh: tries every engine within its time, and one that fails ends nothing.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/**
 * Writes down how it was called. It has no TensorFlow and no room for densenet201 at batch 64; its
 * records name the networks that were measured.
 */
const STAND_IN = `#!/bin/sh
echo "\${NVIDIA_TF32_OVERRIDE:-unset} $*" >>"$CALLS"
case "$*" in
  *tensorflow*) echo 'error: the engine tensorflow is not here' >&2; exit 2 ;;
  *densenet201*64*) echo 'error: no room' >&2; exit 3 ;;
esac
networks=
for word in "$@"; do case $word in --batch) break ;; measure) ;; *) networks="$networks $word" ;; esac; done
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then for one in $networks; do printf '"model": "%s",\n"ownProcess": true\n' "$one" >>"$2"; done; fi
  shift
done
exit 0
`;
/** Ends neither by itself nor when it is asked to; it has no children that could outlive it. */
const HANGS = `#!/bin/sh
echo "$*" >>"$CALLS"
trap '' TERM INT
while :; do sleep 0.2; done
`;
const NETWORKS = ['resnet50', 'densenet121', 'densenet201', 'vovnet39', 'vovnet57', 'mobilenet_v2'];

describe.skipIf(process.platform !== 'linux')('the script for a machine with a GPU', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-gpu-'));
    write('flopscope', STAND_IN);
    for (const other of ['python3', 'nvidia-smi']) write(other, '#!/bin/sh\nexit 0\n');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, script: string): void => {
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  };
  const run = (env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> =>
    spawnSync('sh', ['scripts/portable/measure-gpu.sh', join(folder, 'runs')], {
      env: {
        ...{ ...process.env, FLOPSCOPE: join(folder, 'flopscope'), CALLS: join(folder, 'calls') },
        ...{ PATH: [folder, process.env['PATH']].join(delimiter), ...env },
      },
      encoding: 'utf8',
    });
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
  const summary = (): string => readFileSync(join(folder, 'runs/summary.txt'), 'utf8');

  it('asks the doctor first, then measures six networks at batch 1 and 64 on each engine that works', () => {
    expect(run()).toMatchObject({ status: 0 });
    expect(calls()[0]).toBe('unset doctor --format json');
    const measuring = calls().filter((call) => call.includes(' --batch '));
    // TensorRT compiles each network by itself.
    for (const network of NETWORKS)
      expect(measuring).toContainEqual(
        expect.stringMatching(new RegExp(`^unset measure ${network} --batch 1 .* --provider tensorrt`)),
      );
    for (const flags of ['onnxruntime --provider webgpu', 'webgpu', 'onnxruntime --provider cuda']) {
      const own = measuring.filter((call) => call.includes(` --engine ${flags}`));
      expect(own.filter((call) => call.includes(' --batch 1 '))).toEqual([
        expect.stringMatching(new RegExp(`^unset measure ${NETWORKS.join(' ')} .*--layers`)),
      ]);
      // No room for one of six together: each that is not in the record is tried alone.
      expect(own.filter((call) => call.includes(' --batch 64 ')).map((call) => call.split(' --')[0])).toEqual(
        [NETWORKS.join(' '), ...NETWORKS].map((networks) => `unset measure ${networks}`),
      );
    }
    // On a CPU each network is measured alone at batch 64.
    for (const flags of ['onnxruntime --provider cpu', 'wasm'])
      for (const network of NETWORKS)
        expect(measuring).toContainEqual(
          expect.stringMatching(new RegExp(`^unset measure ${network} --batch 64 .* --engine ${flags} --windows 3`)),
        );
    // An engine that is not here is asked once, without TF32 and with it.
    const tensorflow = calls().filter((call) => call.endsWith('--engine tensorflow'));
    expect(tensorflow.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      'unset measure resnet18',
      '0 measure resnet18',
    ]);
  });

  it('says why an engine gave nothing, and lists the records of the others', () => {
    run();
    expect(summary()).toContain('probe-tensorflow: exit code 2: error: the engine tensorflow is not here');
    expect(summary()).toContain('webgpu-batch64-densenet201: exit code 3: error: no room');
    expect(summary()).toMatch(/^webgpu-batch64-vovnet39: done/m);
    const records = summary()
      .split('\n')
      .find((line) => line.startsWith('records: '));
    expect(records).toContain('onnxruntime-cuda-batch64.json');
    expect(records).not.toContain('tensorflow');
  });

  it('adds a session to every run when it is called again with the same folder', () => {
    // The other engines are missing, so that it takes less long.
    write('flopscope', STAND_IN.replace('*tensorflow*)', '*webgpu* | *cuda* | *tensor* | *wasm*)'));
    run();
    const first = calls().length;
    run();
    expect(calls()).toHaveLength(2 * first);
    const record = readFileSync(join(folder, 'runs/onnxruntime-cpu-batch64.json'), 'utf8');
    for (const network of NETWORKS.filter((name) => name !== 'densenet201'))
      expect(record.split(`"${network}"`)).toHaveLength(3);
  });

  it('begins nothing when its time is up', () => {
    run({ LIMIT: '0' });
    expect(summary()).toContain('probe-webgpu: no time left');
    expect(() => calls()).toThrow('ENOENT');
  });

  it('ends within its time though no step ends by itself', () => {
    write('flopscope', HANGS);
    write('python3', HANGS);
    const start = Date.now();
    run({ LIMIT: '20' });
    expect(Date.now() - start).toBeLessThan(21_500);
    expect(calls()[0]).toBe('doctor --format json');
    expect(summary()).toMatch(/^doctor: stopped after \d+ s/m);
    expect(summary()).toContain('no time left');
  });
});
