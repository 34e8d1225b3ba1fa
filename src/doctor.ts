// Finds out which engines and GPUs work on this machine.

import { ENGINE_NAMES, type EngineName } from './engines/engine.js';
import { brokenEngine, type EngineReport } from './engines/probe.js';
import { PROVIDER_ROWS, PROVIDERS, type Provider } from './engines/onnxruntime/providers.js';
import { tryAuto, tryEngine, tryProvider } from './engines/tryEngine.js';
import { nodeVersion } from './measure/environment.js';
import { meteredGpu } from './measure/meter.js';
import { nvidiaGpus, type NvidiaReport } from './nvidia/gpus.js';
import { VERSION } from './version.js';

/** The renderer of charts as PNG and SVG. */
export interface RendererReport {
  readonly name: string;
  readonly works: boolean;
  readonly version: string | null;
  /** Width of a word in the font of charts. Without a font it is 0 and text is invisible. */
  readonly textWidth: number | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

/** One execution provider of ONNX Runtime. */
export interface ProviderReport extends EngineReport {
  readonly provider: Provider;
}

export interface DoctorReport {
  readonly schema: 'flopscope.doctor/1';
  readonly version: string;
  readonly node: {
    readonly version: string;
    readonly platform: string;
    /** Null where Node was built on another C library. */
    readonly glibc: string | null;
    readonly supported: boolean;
  };
  readonly engines: readonly EngineReport[];
  /** Every execution provider of ONNX Runtime, with the reason for each that does not work. */
  readonly providers: readonly ProviderReport[];
  /** The engine of `--engine auto` here; null where there is none. */
  readonly auto: { readonly name: EngineName; readonly reason: string } | null;
  readonly renderers: readonly RendererReport[];
  readonly nvidia: NvidiaReport;
  /** For each working GPU engine: the GPU whose power is read, or why there is none. */
  readonly energy: readonly EnergyReport[];
}

export interface EnergyReport {
  readonly engine: EngineName;
  /** UUID of the GPU that nvidia-smi would be asked for. */
  readonly gpu: string | null;
  /** Field of nvidia-smi. */
  readonly field: string | null;
  /** Why there is none. */
  readonly reason: string | null;
}

/**
 * Tries every engine in a process of its own. It never throws: what does not work is reported, with
 * the reason and what to do.
 * @param renderers the renderers of charts, which the command line tries
 */
export async function doctor(renderers: readonly RendererReport[] = []): Promise<DoctorReport> {
  const [engines, auto, nvidia] = await Promise.all([
    oneByOne(ENGINE_NAMES, (name) => tryEngine(name)),
    tryAuto(),
    nvidiaGpus(),
  ]);
  const runtime = engines.find(({ name }) => name === 'onnxruntime');
  return {
    schema: 'flopscope.doctor/1',
    version: VERSION,
    node: {
      version: nodeVersion(),
      platform: `${process.platform} ${process.arch}`,
      glibc: glibc(),
      supported: supported(),
    },
    engines,
    providers: await oneByOne(PROVIDERS, async (provider) => ({
      ...(await providerReport(provider, runtime)),
      provider,
    })),
    auto,
    renderers,
    nvidia,
    energy: energyOf(engines, nvidia),
  };
}

/** What cannot work is not tried. */
async function providerReport(provider: Provider, runtime: EngineReport | undefined): Promise<EngineReport> {
  const { title, systems } = PROVIDER_ROWS[provider];
  if (!systems.includes(process.platform)) {
    const names = systems.map((system) => SYSTEMS[system] ?? system).join(' and ');
    return brokenEngine('onnxruntime', `${title} is there on ${names} alone`, 'choose another provider');
  }
  if (runtime?.works !== true)
    return brokenEngine('onnxruntime', runtime?.problem ?? 'onnxruntime does not work', runtime?.remedy ?? '');
  return tryProvider(provider);
}

const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };

/** Two engines at once would wait for the same GPU. */
async function oneByOne<Name, Report>(
  names: readonly Name[],
  attempt: (name: Name) => Promise<Report>,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const name of names) reports.push(await attempt(name));
  return reports;
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

/** As package.json's `engines` says. */
function supported(): boolean {
  const [major = 0, minor = 0] = nodeVersion().split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

function glibc(): string | null {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime ?? null;
}
