// What is made of nvidia-smi's answer? Every way in which it can be missing, refuse, lie or never end.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { nvidiaGpus } from '../../src/nvidia/gpus.js';
import { fakeSmi, gpuLine, noSmi, pciOf, smiWith, uuidOf } from './smi.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const H100 = {
  index: 0,
  uuid: uuidOf(0),
  pci: pciOf(0),
  name: 'NVIDIA H100 80GB HBM3',
  driver: '550.54.14',
  memoryMib: 81559,
  computeCapability: 9,
  sliced: false,
  watts: 68.91,
  powerField: 'power.draw.instant',
};

describe('nvidiaGpus', () => {
  it('tells each GPU, its driver and its power', async () => {
    fakeSmi(smiWith(gpuLine(0, H100.name), gpuLine(1, 'Tesla T4', { power: '9.10', instant: '[N/A]', mig: '[N/A]' })));
    const { gpus, problem } = await nvidiaGpus();
    expect(problem).toBeNull();
    expect(gpus[0]).toEqual(H100);
    expect(gpus[1]).toMatchObject({ index: 1, watts: 9.1, powerField: 'power.draw', sliced: false });
  });

  it('asks an older driver, which refuses the newer fields, a second time', async () => {
    fakeSmi(
      `case "$1" in *$REFUSED*) echo "Field \"$REFUSED\" is not a valid field to query."; exit 2;; *compute_cap*) more=', Disabled, 7.0';; esac; echo "0, ${uuidOf(0)}, ${pciOf(0)}, Tesla V100, 470.1, 16160, 25.0$more"`,
    );
    const found = { name: 'Tesla V100', driver: '470.1', watts: 25, powerField: 'power.draw' };
    vi.stubEnv('REFUSED', 'power.draw.instant');
    expect((await nvidiaGpus()).gpus).toMatchObject([{ ...found, computeCapability: 7 }]);
    vi.stubEnv('REFUSED', 'compute_cap');
    expect((await nvidiaGpus()).gpus).toMatchObject([{ ...found, computeCapability: null }]);
  });

  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'ERR!', '', '0.00', '-5', '1e3', 'NaN', '99999999'])(
    'power that is "%s" is not known',
    async (power) => {
      fakeSmi(smiWith(gpuLine(0, 'GRID A100', { power, instant: power })));
      const { gpus } = await nvidiaGpus();
      expect(gpus).toMatchObject([{ name: 'GRID A100', watts: null, powerField: null }]);
    },
  );

  it('knows a GPU that is split into slices', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA A100', { power: '70.20', instant: '68.91', mig: 'Enabled' })));
    expect((await nvidiaGpus()).gpus[0]!.sliced).toBe(true);
  });

  it.each<[string, string, string | RegExp]>([
    ['nothing', 'exit 0', 'nvidia-smi lists no GPU'],
    [
      'that it cannot reach its driver',
      'echo "NVIDIA-SMI has failed because it could not communicate with the driver."; exit 9',
      'nvidia-smi failed: NVIDIA-SMI has failed because it could not communicate with the driver.',
    ],
    ['nothing and fails', 'exit 6', 'nvidia-smi failed: exit code 6'],
    ['nonsense', 'echo "<html>404</html>"', 'nvidia-smi said what is not understood: <html>404</html>'],
    ['too few fields', 'echo "NVIDIA H100, 550.54.14"', /not understood/],
    ['another number of fields', `echo '${gpuLine(0, 'A')}, 1'`, /not understood/],
    ['no UUID', `echo '${gpuLine(0, 'A').replace(uuidOf(0), '[N/A]')}'`, /not understood/],
    ['bytes', 'head -c 4000 /dev/urandom', /not understood|lists no GPU/],
    ['a line without end', 'while true; do printf "0123456789012345678901234567890123456789"; done', /without end/],
  ])('says what is wrong where it says %s', async (_, script, reason) => {
    fakeSmi(script);
    const { gpus, problem } = await nvidiaGpus();
    expect(gpus).toEqual([]);
    expect(problem).toMatch(reason);
    expect(problem).toMatch(/^[\x20-\x7e]{1,200}$/);
  });

  it('keeps the GPUs that answer where one is lost, and says so', async () => {
    fakeSmi(
      smiWith(gpuLine(0, 'NVIDIA A'), 'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.'),
    );
    const { gpus, problem } = await nvidiaGpus();
    expect(gpus.map(({ name }) => name)).toEqual(['NVIDIA A']);
    expect(problem).toContain('GPU is lost');
  });

  it('waits no longer than it must for one that hangs and ignores signals, also where its child holds the pipe', async () => {
    fakeSmi("trap '' TERM INT; sleep 30 & wait; sleep 30");
    expect(await nvidiaGpus(300)).toEqual({ gpus: [], problem: 'nvidia-smi gave no answer within 0.3 s' });
  });

  it('says that nvidia-smi is missing, or is no program', async () => {
    noSmi();
    expect((await nvidiaGpus()).problem).toBe('nvidia-smi is not on the PATH');
  });
});
