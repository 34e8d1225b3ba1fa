// flopscope doctor: reports which engines, renderers and GPUs work, and how to fix the others.

import { doctorSheet } from '../../../reports/sheets/doctorSheet.js';
import { doctor, type RendererReport } from '../../../src/doctor.js';
import { DeviceFailure } from '../../../src/engines/engine.js';
import { RENDERER_NAMES } from '../../charts/renderer.js';
import { print, type Format } from '../../output/format.js';
import { tryRenderer } from '../../probing/tryRenderer.js';
import type { Screen } from '../../screen.js';

export interface DoctorOptions {
  readonly format: Format;
}

/**
 * @throws DeviceFailure after the report, where no engine works at all; a missing one is only a
 * finding
 */
export async function doctorCommand({ format }: DoctorOptions, screen: Screen): Promise<void> {
  const renderers: RendererReport[] = [];
  for (const name of RENDERER_NAMES) renderers.push(await tryRenderer(name));
  const report = await doctor(renderers);
  await print(format, report, () => doctorSheet(report), screen);
  if (!report.engines.some(({ works }) => works))
    throw new DeviceFailure('no engine works on this machine: nothing can be measured');
}
