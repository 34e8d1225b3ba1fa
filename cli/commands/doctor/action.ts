// flopscope doctor: reports which engines, renderers and GPUs work, and how to fix the others.

import { doctorSheet } from '../../../reports/sheets/doctorSheet.js';
import type { DoctorReport } from '../../../src/doctorReport.js';
import { DeviceFailure, ENGINE_NAMES } from '../../../src/engines/engine.js';
import type { EngineReport } from '../../../src/engines/probe.js';
import { nodeVersion } from '../../../src/measure/environment.js';
import { meteredGpu } from '../../../src/measure/meter.js';
import { nvidiaGpus, type NvidiaReport } from '../../../src/nvidia/gpus.js';
import { RENDERER_NAMES } from '../../charts/renderer.js';
import { print, type Format } from '../../output/format.js';
import { tryAuto, tryEngine, tryRenderer } from '../../probing/probes.js';
import type { Screen } from '../../screen.js';
import { VERSION } from '../../../src/version.js';

export interface DoctorOptions {
  readonly format: Format;
}

/**
 * @throws DeviceFailure after the report, where no engine works at all; a missing one is only a
 * finding
 */
export async function doctor({ format }: DoctorOptions, screen: Screen): Promise<void> {
  const [engines, renderers, auto, nvidia] = await Promise.all([
    oneByOne(ENGINE_NAMES, (name) => tryEngine(name)),
    oneByOne(RENDERER_NAMES, (name) => tryRenderer(name)),
    tryAuto(),
    nvidiaGpus(),
  ]);
  const report: DoctorReport = {
    schema: 'flopscope.doctor/1',
    version: VERSION,
    node: {
      version: nodeVersion(),
      platform: `${process.platform} ${process.arch}`,
      glibc: glibc(),
      supported: supported(),
    },
    engines,
    auto,
    renderers,
    nvidia,
    energy: energyOf(engines, nvidia),
  };
  await print(format, report, () => doctorSheet(report), screen);
  if (!engines.some(({ works }) => works))
    throw new DeviceFailure('no engine works on this machine: nothing can be measured');
}

function energyOf(engines: readonly EngineReport[], nvidia: NvidiaReport): DoctorReport['energy'] {
  return engines.flatMap(({ name, works, device, throughCuda }) => {
    if (!works || device?.kind !== 'gpu' || device.software) return [];
    const found = meteredGpu({ device, throughCuda }, nvidia);
    return [
      'reason' in found
        ? { engine: name, gpu: null, field: null, reason: found.reason }
        : { engine: name, gpu: found.gpu.uuid, field: found.field, reason: null },
    ];
  });
}

async function oneByOne<Name, Report>(
  names: readonly Name[],
  attempt: (name: Name) => Promise<Report>,
): Promise<Report[]> {
  const reports: Report[] = [];
  for (const name of names) reports.push(await attempt(name));
  return reports;
}

/** As package.json's `engines` says. */
function supported(): boolean {
  const [major = 0, minor = 0] = nodeVersion().split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

function glibc(): string | null {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime ?? null;
}
