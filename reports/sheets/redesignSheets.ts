// The tables of a redesign: costs relative to the original, changes by level, advice by layer.

import type { Advice } from '../../src/redesign/advice.js';
import type { AdvisedRedesign } from '../../src/diagnosis/advised.js';
import type { Finding } from '../../src/diagnosis/finding.js';
import { levelWords } from '../../src/redesign/level.js';
import type { Proposal, Redesign } from '../../src/redesign/result.js';
import { counted } from '../../src/plural.js';
import { foldedText, MOST_FINDINGS, savingText } from './diagnosisSheets.js';
import { milliseconds, percentage, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate, visible } from '../../src/visible.js';

/** Advice that a person wants to see; JSON has all. */
const MOST_ADVICE = 8;
/** Designs whose levels are spelled out. */
const MOST_SPELLED = 4;

export function redesignSheets(result: AdvisedRedesign): readonly AnySheet[] {
  const spelled = [...result.recipes, ...result.front.slice(0, MOST_SPELLED)];
  return [
    designs(result),
    ...(spelled.length === 0 ? [] : [levels(result, spelled)]),
    advice(result),
    findings(result),
  ];
}

interface Row {
  readonly name: string;
  readonly about: string;
  readonly price: Proposal['price'];
  readonly ratios: Proposal['ratios'];
  readonly milliseconds: number | null;
  readonly file: string | null;
}

function designs(redesign: Redesign): AnySheet {
  const { model, original, originalMilliseconds, recipes, front, priced, budget, seed, refused, reading, timeModel } =
    redesign;
  const { params, multAdds, flops, memoryAccess, ops } = original;
  const first: Row = {
    name: visible(abbreviate(model)),
    about: 'the original',
    price: { params, multAdds, flops, unfused: memoryAccess.unfused, fused: memoryAccess.fused, launches: ops },
    ratios: { params: 1, multAdds: 1, unfused: 1, fused: 1, launches: 1 },
    milliseconds: originalMilliseconds,
    file: null,
  };
  // The least traffic of all that is shown.
  const [best] = [...recipes, ...front].sort((a, b) => a.price[reading] - b.price[reading]);
  const equal = BUDGETS[budget];
  const traffic = reading === 'unfused' ? 'memory access' : 'fused memory access';
  return sheet<Row>({
    title:
      refused === null
        ? `${abbreviate(model)} at equal ${equal}: ${counted(recipes.length + front.length, 'design')} with less memory access`
        : `${abbreviate(model)}: advice alone`,
    columns: originalMilliseconds === null ? COSTS : [...COSTS, TIME],
    rows: [first, ...recipes, ...front],
    notes: [
      ...(refused === null ? [] : [`${refused}.`]),
      ...(best
        ? [
            `${best.name} does the work with ${times(best.ratios[reading])} the ${traffic}, ${times(best.ratios.multAdds)} the multiply-adds and ${times(best.ratios.params)} the params.`,
          ]
        : refused === null
          ? [whyNone(redesign)]
          : []),
      ...(timeModel === null ? [] : [`predicted ms: ${timeModel}.`]),
      ...(priced === 0
        ? []
        : [
            `${short(priced)} designs were priced (seed ${seed}); each one shown was built and counted again. No accuracy is predicted: train before you choose.`,
          ]),
    ],
  });
}

/** The constraint that excludes all designs, and a remedy. */
function whyNone({ misses, reading, model }: Redesign): string {
  const { budget, traffic, place } = misses;
  const fitted = `of ${short(budget + traffic + place)} designs that were fitted ${short(budget)} missed the budget by more than the slack and ${short(place)} gave a resolution almost none or almost all of the work`;
  const other = reading === 'unfused' ? 'fused' : 'unfused';
  return traffic > 0
    ? `no design moves less data than ${visible(abbreviate(model))}: ${fitted}; the ${short(traffic)} others move more in this reading, so try --reading ${other}.`
    : `there is no design to choose from: ${fitted}; try a larger --slack or more --candidates.`;
}

const BUDGETS = { multAdds: 'multiply-adds', params: 'params', time: 'multiply-adds and predicted time' } as const;

const cost = (key: keyof Proposal['ratios'], title: string, rank = 0): readonly Column<Row>[] => [
  { key, title, align: 'right', rank, value: ({ price }) => price[key], show: ({ price }) => short(price[key]) },
  {
    key: `${key}Ratio`,
    title: '',
    align: 'right',
    rank,
    value: ({ ratios }) => ratios[key],
    show: ({ ratios }) => times(ratios[key]),
  },
];

const COSTS: readonly Column<Row>[] = [
  { key: 'design', title: 'design', align: 'left', value: ({ name }) => name },
  ...cost('multAdds', 'multiply-adds'),
  ...cost('params', 'params'),
  ...cost('unfused', 'memory access'),
  ...cost('fused', 'fused', 2),
  ...cost('launches', 'ops', 1),
  { key: 'about', title: 'about', align: 'left', hidden: true, value: ({ about }) => about },
  { key: 'file', title: 'file', align: 'left', hidden: true, value: ({ file }) => file },
];

const TIME: Column<Row> = {
  key: 'milliseconds',
  title: 'predicted ms',
  align: 'right',
  value: ({ milliseconds: ms }) => ms,
  show: ({ milliseconds: ms }) => (ms === null ? '-' : milliseconds(ms)),
};

function levels({ resolutions }: Redesign, proposals: readonly Proposal[]): AnySheet {
  const rows = proposals.flatMap((proposal) =>
    proposal.levels.map((level, i) => ({ proposal, level, side: resolutions[i]! })),
  );
  return sheet<(typeof rows)[number]>({
    title: 'What each resolution became: aggregation, layers x channels of each, output channels',
    columns: [
      { key: 'resolution', title: 'resolution', align: 'left', value: ({ side }) => side.join('x') },
      { key: 'level', title: 'layers', align: 'left', value: ({ level }) => levelWords(level) },
    ],
    rows,
    part: ({ proposal: { name, about, file } }) => `${name}: ${file ?? about}`,
    notes: [
      'partial: half of the channels skip the layers (CSPNet); bottleneck: a 1x1 before each 3x3; groups: of the 3x3.',
    ],
  });
}

function advice({ advice: all }: Redesign): AnySheet {
  return sheet<Advice>({
    title: 'Layers out of balance, and what equal sides would save at equal multiply-adds',
    columns: ADVICE,
    rows: all.slice(0, MOST_ADVICE),
    notes: [
      all.length > MOST_ADVICE
        ? `${MOST_ADVICE} of ${all.length} layers shown, the largest saving first; JSON has all.`
        : '',
      all.length === 0
        ? 'every convolution is within 2 % of its lower bound.'
        : 'the neighbours of a layer change with it; memory access in elements, over its lower bound (ShuffleNetV2, Eq. 1).',
    ].filter(Boolean),
  });
}

/** What else can be changed, in any network; `flopscope MODEL` has the evidence. */
function findings({ findings: all, original: totals, folded }: AdvisedRedesign): AnySheet {
  const whole = { totals, basis: COUNTS_ALONE, ...(folded ? { folded } : {}) };
  const saves = (finding: Finding): string => savingText(finding, whole) ?? '-';
  const note = foldedText({ findings: all, ...(folded ? { folded } : {}) });
  return sheet<Finding>({
    title: 'What the audits advise, and what each fix would save',
    columns: [
      { key: 'audit', title: 'audit', align: 'left', value: ({ audit }) => audit },
      { key: 'layers', title: 'layers', align: 'right', value: ({ layers }) => layers.length },
      { key: 'saves', title: 'saves', align: 'left', value: saves },
    ],
    rows: all.slice(0, MOST_FINDINGS),
    notes: [
      ...(note === undefined ? [] : [note]),
      ...all.slice(0, MOST_FINDINGS).map(({ audit, fix }) => `${audit}: ${fix}`),
      ...(all.length > MOST_FINDINGS ? [`${MOST_FINDINGS} of ${all.length} findings shown; JSON has all.`] : []),
      ...(all.length === 0 ? ['no audit found anything to change.'] : []),
    ],
  });
}

const COUNTS_ALONE = { kind: 'counts', where: null, milliseconds: null, how: '' } as const;

const ADVICE: readonly Column<Advice>[] = [
  { key: 'layer', title: 'layer', align: 'left', value: ({ layer }) => layer },
  { key: 'stage', title: 'stage', align: 'left', rank: 2, value: ({ stage }) => stage },
  {
    key: 'balance',
    title: 'balance',
    align: 'right',
    value: ({ balance }) => balance,
    show: ({ balance }) => balance.toFixed(2),
  },
  { key: 'channels', title: 'channels', align: 'right', value: ({ channels }) => channels.join(' -> ') },
  { key: 'balanced', title: 'balanced', align: 'right', value: ({ balanced }) => balanced.join(' -> ') },
  { key: 'saved', title: 'saves', align: 'right', value: ({ saved }) => saved, show: ({ saved }) => short(saved) },
  {
    key: 'share',
    title: 'of its memory access',
    align: 'right',
    value: ({ share }) => share,
    show: ({ share }) => percentage(share, 0),
  },
];
