// The table of doctor: a row per engine, renderer and GPU, and one remedy for each that fails.

import type { DoctorReport, ProviderReport, RendererReport } from '../../src/doctor.js';
import type { EngineReport } from '../../src/engines/probe.js';
import type { NvidiaGpu } from '../../src/nvidia/gpus.js';
import { MISSING } from '../../src/nvidia/problem.js';
import { bytes } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

interface Row {
  readonly part: string;
  readonly name: string;
  readonly works: 'yes' | 'no' | 'software only';
  readonly device: string | null;
  readonly driver: string | null;
  readonly maxTensorBytes: number | null;
  readonly maxTotalBytes: number | null;
  readonly layerClock: string | null;
  readonly versions: string | null;
  /** Of a convolution that really ran. */
  readonly error: number | null;
  readonly problem: string | null;
  readonly remedy: string | null;
}

export function doctorSheet(report: DoctorReport): AnySheet {
  const { version, node, auto, energy } = report;
  const rows = rowsOf(report);
  const troubles = rows.filter(({ problem }) => problem !== null);
  return sheet<Row>({
    title: `flopscope ${version} on Node ${node.version}, ${node.platform}${node.glibc === null ? '' : `, glibc ${node.glibc}`}`,
    columns: COLUMNS,
    rows,
    part: ({ part }) => part,
    notes: [
      auto === null ? '--engine auto finds nothing here.' : `--engine auto takes ${auto.name}: ${auto.reason}.`,
      ...(rows.some(({ works }) => works === 'software only') ? [SOFTWARE] : []),
      ...energy.map(({ engine, gpu, field, reason }) =>
        gpu === null
          ? `J/image with ${engine}: none, because ${reason ?? 'nothing tells it'}.`
          : `J/image with ${engine}: from ${field ?? 'the power'} of ${gpu}.`,
      ),
      ...troubles.map(
        ({ part, name, problem, remedy }) =>
          `${part === PROVIDERS_PART ? '' : `${name}: `}${problem ?? ''}.${remedy === null ? '' : ` To do: ${remedy}.`}`,
      ),
    ],
  });
}

const SOFTWARE =
  'software only: a CPU plays the GPU. It runs with --allow-software, and its times say nothing about a GPU.';

const rowsOf = ({ engines, providers, renderers, nvidia, node }: DoctorReport): readonly Row[] => [
  ...engines.map(ofEngine),
  ...providers.map((report) => ofProvider(report, engines)),
  ...renderers.map(ofRenderer),
  ...nvidia.gpus.map(ofGpu),
  ...(nvidia.problem === null ? [] : [noGpu(nvidia.problem)]),
  ...(node.supported ? [] : [oldNode(node.version)]),
];

const NOTHING = {
  device: null,
  driver: null,
  maxTensorBytes: null,
  maxTotalBytes: null,
  layerClock: null,
  versions: null,
  error: null,
  problem: null,
  remedy: null,
};

const ofEngine = (report: EngineReport): Row => ({
  part: 'engines',
  name: report.name,
  works: !report.works ? 'no' : report.device?.software === true ? 'software only' : 'yes',
  device: report.device?.name ?? null,
  driver: report.device?.driver ?? null,
  maxTensorBytes: report.maxTensorBytes,
  maxTotalBytes: report.maxTotalBytes,
  layerClock: report.layerClock,
  versions: Object.entries(report.versions ?? {})
    .map((entry) => entry.join(' '))
    .join(', '),
  error: report.convolutionError,
  problem: report.problem,
  remedy: report.remedy,
});

const PROVIDERS_PART = 'providers of onnxruntime';

/** What its engine's row says already is not said again. */
function ofProvider(report: ProviderReport, engines: readonly EngineReport[]): Row {
  const said = engines.some(({ name, problem }) => name === 'onnxruntime' && problem === report.problem);
  return {
    ...ofEngine(report),
    part: PROVIDERS_PART,
    name: report.provider,
    versions: '',
    problem: report.works || said ? null : `onnxruntime --provider ${report.provider}: ${report.problem ?? ''}`,
  };
}

const ofRenderer = (report: RendererReport): Row => ({
  ...NOTHING,
  part: 'charts',
  name: report.name,
  works: report.works ? 'yes' : 'no',
  device: report.textWidth === null ? null : `font: a word is ${report.textWidth.toFixed(1)} px wide`,
  versions: report.version,
  problem: report.problem,
  remedy: report.remedy,
});

const ofGpu = (gpu: NvidiaGpu): Row => ({
  ...NOTHING,
  part: 'nvidia-smi',
  name: gpu.name,
  works: 'yes',
  device: [
    `GPU ${gpu.index}`,
    gpu.memoryMib === null ? 'memory unknown' : bytes(gpu.memoryMib * 2 ** 20),
    gpu.watts === null ? 'power not readable' : `draws ${gpu.watts} W`,
    ...(gpu.sliced ? ['split into slices (MIG)'] : []),
  ].join(', '),
  driver: gpu.driver,
});

const noGpu = (problem: string): Row => ({
  ...NOTHING,
  part: 'nvidia-smi',
  name: 'nvidia-smi',
  works: 'no',
  problem,
  remedy:
    problem === MISSING
      ? 'for an NVIDIA GPU, install its driver; without one there is nothing to do, and runs have no energy'
      : 'call nvidia-smi and set right what it reports; runs have no energy until it answers',
});

const oldNode = (version: string): Row => ({
  ...NOTHING,
  part: 'node',
  name: 'node',
  works: 'no',
  versions: version,
  problem: `Node ${version} is older than 20.19`,
  remedy: 'install Node 20.19 or newer',
});

const text = (key: keyof Row, title: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
  key,
  title,
  align: 'left',
  value: (row) => row[key],
  ...more,
});

const limit = (key: 'maxTensorBytes' | 'maxTotalBytes', title: string): Column<Row> =>
  text(key, title, { align: 'right', rank: 1, show: (row) => (row[key] === null ? '' : bytes(row[key])) });

const COLUMNS: readonly Column<Row>[] = [
  text('part', 'part', { hidden: true }),
  text('name', 'name'),
  text('works', 'works'),
  text('device', 'device'),
  text('driver', 'driver', { rank: 2 }),
  limit('maxTensorBytes', 'largest tensor'),
  limit('maxTotalBytes', 'all tensors'),
  text('layerClock', 'layers timed by', { rank: 1 }),
  text('error', 'convolution', {
    show: ({ error }) => (error === null ? '' : `off by ${error.toPrecision(1)}`),
  }),
  text('versions', 'versions', { rank: 3 }),
  text('problem', 'problem', { hidden: true }),
  text('remedy', 'to do', { hidden: true }),
];
