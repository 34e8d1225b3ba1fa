// scripts/portable/measure-gpu.sh: tries every engine within its time, and one that fails ends nothing.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

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
const ENDS = '#!/bin/sh\nexit 0\n';
const NETWORKS = ['resnet50', 'densenet121', 'densenet201', 'vovnet39', 'vovnet57', 'mobilenet_v2'];

/** A machine whose commands are scripts, in a folder of its own. */
class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'flopscope-gpu-'));

  constructor(flopscope = STAND_IN, python = ENDS) {
    for (const [name, script] of Object.entries({ flopscope, python3: python, 'nvidia-smi': ENDS }))
      writeFileSync(join(this.#folder, name), script, { mode: 0o755 });
  }

  /** Resolves to the exit code; null after a signal. */
  run(env: NodeJS.ProcessEnv = {}): Promise<number | null> {
    const whole = {
      ...{ ...process.env, FLOPSCOPE: join(this.#folder, 'flopscope'), CALLS: join(this.#folder, 'calls') },
      ...{ PATH: [this.#folder, process.env['PATH']].join(delimiter), ...env },
    };
    return new Promise((resolve) => {
      const script = ['scripts/portable/measure-gpu.sh', join(this.#folder, 'runs')];
      const child = execFile('sh', script, { env: whole }, () => {
        resolve(child.exitCode);
      });
    });
  }

  calls(): string[] {
    return readFileSync(join(this.#folder, 'calls'), 'utf8').trimEnd().split('\n');
  }

  /** A file of the folder that the script writes. */
  written(name: string): string {
    return readFileSync(join(this.#folder, 'runs', name), 'utf8');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

// The script waits for its steps most of the time: its runs wait side by side.
describe.skipIf(process.platform !== 'linux').concurrent('the script for a machine with a GPU', () => {
  const machines: Machine[] = [];
  const machine = (...scripts: readonly string[]): Machine => {
    const made = new Machine(...scripts);
    machines.push(made);
    return made;
  };
  afterAll(() => {
    for (const each of machines) each.remove();
  });
  /** One whole run, which two tests read. */
  let whole: Promise<{ readonly code: number | null; readonly machine: Machine }> | undefined;
  const wholeRun = () =>
    (whole ??= (async () => {
      const made = machine();
      return { code: await made.run(), machine: made };
    })());

  it('asks the doctor first, then measures six networks at batch 1 and 64 on each engine that works', async () => {
    const { code, machine } = await wholeRun();
    expect(code).toBe(0);
    const calls = machine.calls();
    expect(calls[0]).toBe('unset doctor --format json');
    const measuring = calls.filter((call) => call.includes(' --batch '));
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
    const tensorflow = calls.filter((call) => call.endsWith('--engine tensorflow'));
    expect(tensorflow.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      'unset measure resnet18',
      '0 measure resnet18',
    ]);
  });

  it('says why an engine gave nothing, and lists the records of the others', async () => {
    const summary = (await wholeRun()).machine.written('summary.txt');
    expect(summary).toContain('probe-tensorflow: exit code 2: error: the engine tensorflow is not here');
    expect(summary).toContain('webgpu-batch64-densenet201: exit code 3: error: no room');
    expect(summary).toMatch(/^webgpu-batch64-vovnet39: done/m);
    const records = summary.split('\n').find((line) => line.startsWith('records: '));
    expect(records).toContain('onnxruntime-cuda-batch64.json');
    expect(records).not.toContain('tensorflow');
  });

  it('adds a session to every run when it is called again with the same folder', async () => {
    // The other engines are missing, so that it takes less long.
    const again = machine(STAND_IN.replace('*tensorflow*)', '*webgpu* | *cuda* | *tensor* | *wasm*)'));
    await again.run();
    const first = again.calls().length;
    await again.run();
    expect(again.calls()).toHaveLength(2 * first);
    const record = again.written('onnxruntime-cpu-batch64.json');
    for (const network of NETWORKS.filter((name) => name !== 'densenet201'))
      expect(record.split(`"${network}"`)).toHaveLength(3);
  });

  it('begins nothing when its time is up', async () => {
    const late = machine();
    await late.run({ LIMIT: '0' });
    expect(late.written('summary.txt')).toContain('probe-webgpu: no time left');
    expect(() => late.calls()).toThrow('ENOENT');
  });

  it('ends within its time though no step ends by itself', async () => {
    const hanging = machine(HANGS, HANGS);
    // Time for one step, which is ended by force: after it, less is left than a step may take.
    expect(await hanging.run({ LIMIT: '12' })).toBe(0);
    expect(hanging.calls()).toEqual(['doctor --format json']);
    const [doctor, ...others] = hanging.written('summary.txt').trimEnd().split('\n');
    expect(doctor).toMatch(/^doctor: stopped after \d+ s/);
    expect(others.pop()).toMatch(/^records:/);
    expect(others.length).toBeGreaterThan(8);
    for (const other of others) expect(other).toMatch(/: no time left$/);
  });
});
