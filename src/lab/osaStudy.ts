// Compares OSA with dense blocks: DenseNet-40 for CIFAR, and the stages of a detector.

import { builtIn } from '../builtIn.js';
import { profile } from '../profile.js';
import type { Trial } from './experiment.js';
import { denseStage, DENSE_BLOCKS, osaStage, solveGrowth, type Budget, type StageSize } from './osaStage.js';
import type { Claim, Outcome } from './outcome.js';
import { outcomesOf, type MeasureTrials } from './outcomes.js';
import { machineLabel } from '../measure/label.js';
import { setupOf, type Setup } from '../measure/setup.js';

export interface OsaAssumptions {
  /** Images per inference; the paper does not state it. */
  readonly batch: number;
  /**
   * Height and width of the image that the stages are part of; 800x1280 is what two-stage detectors
   * read.
   */
  readonly image: readonly [number, number];
  /** Of the stages' feature maps to the image: keys of DENSE_BLOCKS. */
  readonly strides: readonly number[];
  /** 3x3 layers of the OSA stage: 5 in VoVNet. */
  readonly layers: number;
}

/** Stages 3 and 4 are where detectors read and where VoVNet's larger variants are deeper. */
export const OSA_DEFAULTS: OsaAssumptions = { batch: 1, image: [800, 1280], strides: [8, 16], layers: 5 };

/** Networks or stages to set beside each other; the first is what the others are compared to. */
export interface OsaComparison extends Claim {
  readonly part: string;
  readonly trials: readonly OsaTrial[];
}

export interface OsaTrial extends Trial {
  /**
   * Of an OSA stage: what its growth was solved for, and how far its counts are off (0.01: 1 %
   * more); null elsewhere.
   */
  readonly deviation: Readonly<Partial<Record<Budget, number>>> | null;
}

/** A figure that the paper prints, and what its reading comes to here. */
export interface PrintedAccess {
  readonly variant: string;
  /** In millions of elements, as printed: memory access of convolutions. */
  readonly printed: string;
  readonly elements: number;
  /** Whether it rounds to the printed figure. */
  readonly holds: boolean;
}

export interface OsaStudy {
  readonly schema: 'flopscope.study.osa/1';
  readonly assumptions: OsaAssumptions;
  /** What it was measured on, in words; null where it was only counted. */
  readonly device: string | null;
  /** The same for programs, with the protocol. */
  readonly setup: Setup | null;
  readonly outcomes: readonly (Outcome &
    Pick<OsaComparison, 'part'> & { readonly deviations: readonly OsaTrial['deviation'][] })[];
  /** For one image, whatever the batch; empty where the networks were left out. */
  readonly printed: readonly PrintedAccess[];
}

/** What the study compares: whole networks for CIFAR, and stages of a detector's backbone. */
export const OSA_PARTS = ['networks', 'stages'] as const;
export type OsaPart = (typeof OSA_PARTS)[number];

/** @param measure runs the trials; without it they are only counted */
export async function studyOsa(
  assumptions: OsaAssumptions = OSA_DEFAULTS,
  parts: readonly OsaPart[] = OSA_PARTS,
  measure?: MeasureTrials,
): Promise<OsaStudy> {
  const comparisons: readonly OsaComparison[] = [
    ...(parts.includes('networks') ? [cifar(assumptions)] : []),
    ...(parts.includes('stages') ? assumptions.strides.map((stride) => stage(stride, assumptions)) : []),
  ];
  const tried = comparisons.map((claim) => ({ claim, trials: claim.trials }));
  const { outcomes, runs } = await outcomesOf(tried, measure);
  return {
    ...{ schema: 'flopscope.study.osa/1', assumptions },
    device: machineLabel(runs),
    setup: setupOf(runs),
    outcomes: outcomes.map((outcome, i) => {
      const { part, trials } = comparisons[i]!;
      return { ...outcome, part, deviations: trials.map(({ deviation }) => deviation) };
    }),
    printed: parts.includes('networks') ? printedAccess() : [],
  };
}

const PAPER = 'VoVNet (arXiv 1904.09730), section 3.2';
const NONE = { gpu: null, arm: null } as const;

/** Variant, model, changes to its config, layers x channels, and the printed memory access. */
const CIFAR = [
  ['DenseNet-40', 'densenet40_k12', {}, '12 x 12', '3.7'],
  ['OSA 12x20', 'osa_cifar_12x20', {}, '12 x 20', null],
  ['OSA 5x43', 'osa_cifar_5x43', {}, '5 x 43', '2.5'],
  ['OSA 5x43, narrow', 'osa_cifar_5x43', { transition: 'layers' }, '5 x 43', '2.5'],
] as const;

const cifarGraph = (model: string, changes: object, variant: string, n: number): Trial['graph'] => {
  const { build, config, input } = builtIn(model);
  return { ...build([n, ...input], { ...config, ...changes }), name: variant };
};

export const cifar = ({ batch }: OsaAssumptions): OsaComparison => ({
  key: 'cifar',
  part: 'whole networks, 32x32 images: layers x channels of each of 3 blocks',
  claim: 'at the size of DenseNet-40, one-shot aggregation takes less time',
  source: PAPER,
  protocol:
    "DenseNet-40 with 16 channels in its stem; OSA networks of the paper's layers and channels, whose 1x1 keeps all channels that it reads; in the narrow one it has modules so far x layers x channels (the paper states no width)",
  measure: 'saving',
  trials: CIFAR.map(([variant, model, changes, widths]) => ({
    ...{ scale: 1, variant, widths, graph: cifarGraph(model, changes, variant, batch), published: NONE },
    deviation: null,
  })),
});

/** Each figure that the paper prints, read from the networks at batch 1. */
export const printedAccess = (): readonly PrintedAccess[] =>
  CIFAR.flatMap(([variant, model, changes, , printed]) => {
    if (printed === null) return [];
    const elements = profile(cifarGraph(model, changes, variant, 1)).totals.memoryAccess.conv;
    return [{ variant, printed, elements, holds: (elements / 1e6).toFixed(1) === printed }];
  });

/** @param stride a key of DENSE_BLOCKS */
export function stage(stride: number, { batch, image, layers }: OsaAssumptions): OsaComparison {
  const block = DENSE_BLOCKS[stride]!;
  const [height, width] = image.map((side) => Math.ceil(side / stride)) as [number, number];
  const size: StageSize = { shape: [batch, block.channels, height, width], layers: block.layers };
  const trial = (variant: string, widths: string, graph: Trial['graph'], deviation: OsaTrial['deviation'] = null) => ({
    ...{ scale: stride, variant, widths, graph: { ...graph, name: `${variant}, stride ${stride}` }, published: NONE },
    deviation,
  });
  const osa = (growth: number, budgets: readonly Budget[], deviation: OsaTrial['deviation']): OsaTrial =>
    trial(
      `OSA, equal ${budgets.map((budget) => BUDGETS[budget]).join(' and ')}`,
      `${layers} x ${growth}`,
      osaStage('osa', size, layers, growth),
      deviation,
    );
  const [params, multAdds] = (['params', 'multAdds'] as const).map((budget) => solveGrowth(size, layers, budget)) as [
    Solved,
    Solved,
  ];
  const both = { params: params.deviation, multAdds: multAdds.deviation };
  return {
    key: `stride${stride}`,
    part: `a stage at stride ${stride} of a ${image.join('x')} image: ${block.channels} channels of ${height}x${width}`,
    claim: `at equal cost an OSA stage takes less time than a dense stage at stride ${stride}`,
    source: `${PAPER}; no table`,
    protocol: `the dense block of DenseNet-121 at that stride, and one OSA module with its input and output channels, whose growth is solved for`,
    measure: 'saving',
    trials: [
      trial('dense', `${block.layers} x 32`, denseStage('dense', size)),
      ...(params.growth === multAdds.growth
        ? [osa(params.growth, ['params', 'multAdds'], both)]
        : [
            osa(params.growth, ['params'], { params: params.deviation }),
            osa(multAdds.growth, ['multAdds'], { multAdds: multAdds.deviation }),
          ]),
    ],
  };
}

type Solved = ReturnType<typeof solveGrowth>;
const BUDGETS: Readonly<Record<Budget, string>> = { params: 'params', multAdds: 'multiply-adds' };
