// Ranks the counts that round to a figure; those that assume least come first.

import type { ImageSize } from '../families/family.js';
import type { Model } from '../model.js';
import { fit, readFigures, type PrintedFigure } from './figure.js';
import { interpretations, type Interpretation, type Unfolded } from './interpretation.js';
import { listed } from '../plural.js';

export interface Candidate {
  /** Counters that come to the same count in the same way. */
  readonly who: readonly string[];
  readonly count: number;
  /** The print of the first counter that writes these digits. */
  readonly printed: string | null;
  readonly factor: number;
  readonly images: number;
  readonly input: ImageSize;
  /** Set where it counts the network before batch norms were folded into its convolutions. */
  readonly unfolded: Unfolded | null;
  /** One sentence. */
  readonly sentence: string;
  /** It fits as well as the first candidate. */
  readonly tied: boolean;
}

export interface FigureOrigin {
  readonly text: string;
  /** Counts that are rounded to it; two intervals where the unit was left out. */
  readonly intervals: readonly { readonly low: number; readonly high: number }[];
  /** At most five, the likeliest first. */
  readonly candidates: readonly Candidate[];
  /** Counts that fit too but assume more, or did not find room. */
  readonly others: number;
  /** Only where nothing fits: what comes closest at the model's own input. */
  readonly nearest: {
    readonly who: string;
    readonly count: number;
    readonly input: ImageSize;
    readonly unfolded: Unfolded | null;
    /** Of the count to the figure. */
    readonly ratio: number;
  } | null;
}

const MOST = 5;
const RIVAL = 2;

/**
 * @param given what someone read, as in "2.87G"
 * @throws InputError for what is no figure, and as reconcile does
 */
export function originOf(given: string, model: Model, input: ImageSize = model.input): FigureOrigin {
  const figures = readFigures(given);
  return originAmong(figures, [...interpretations(model, input)], input);
}

/** The same for several figures of one model, whose interpretations are made once. */
export function originAmong(
  figures: readonly [PrintedFigure, ...PrintedFigure[]],
  all: readonly Interpretation[],
  input: ImageSize,
): FigureOrigin {
  const ranked = figures.flatMap((figure) => fitting(figure, all)).sort((a, b) => a.doubt - b.doubt);
  const best = ranked[0]?.doubt ?? 0;
  // A candidate that assumes much more does not compete with one that needs no assumption.
  const rivals = ranked.filter(({ doubt }) => doubt <= best + RIVAL).slice(0, MOST);
  return {
    text: figures[0].text,
    intervals: figures.map(({ low, high }) => ({ low, high })),
    candidates: rivals.map((ranked) => candidate(ranked, input, ranked.doubt === best)),
    others: ranked.length - rivals.length,
    nearest: ranked.length === 0 ? nearest(figures, all) : null,
  };
}

/** Readings that come to one count in one way, and how much doubt is left. */
interface Fitting {
  readonly figure: PrintedFigure;
  readonly interpretations: readonly Interpretation[];
  readonly doubt: number;
}

function fitting(figure: PrintedFigure, all: readonly Interpretation[]): readonly Fitting[] {
  const fits = all.filter(
    (interpretation) => fit(figure, interpretation.count) !== undefined && agrees(figure, interpretation),
  );
  return merged(fits).map((interpretations) => ({ figure, interpretations, doubt: doubtOf(figure, interpretations) }));
}

/** The unit's word excludes other quantities. "FLOPs" may also mean multiply-adds. */
const agrees = ({ word }: PrintedFigure, { counts }: Interpretation): boolean =>
  word === undefined || word === counts || (word === 'operations' && counts === 'multAdds');

/**
 * What is assumed, a half where the tool would have written other digits, and one where digits were
 * cut.
 */
const doubtOf = (figure: PrintedFigure, interpretations: readonly Interpretation[]): number =>
  interpretations[0]!.assumed +
  (interpretations.some((interpretation) => spelled(figure, interpretation)) ? 0 : 0.5) +
  (fit(figure, interpretations[0]!.count) === 'cut' ? 1 : 0);

const spelled = ({ digits, value }: PrintedFigure, { printed, count }: Interpretation): boolean =>
  (printed !== undefined && /[\d.]+/.exec(printed)?.[0] === digits) || count === value;

/**
 * Readings of one count, factor, batch and input are one candidate; what a counter makes of the
 * network as it is, it need not also make of one with its norms back.
 */
function merged(fits: readonly Interpretation[]): readonly (readonly Interpretation[])[] {
  const groups = new Map<string, Interpretation[]>();
  const same = (a: Interpretation, b: Interpretation): boolean =>
    a.who === b.who && a.count === b.count && a.factor === b.factor && a.images === b.images && a.input === b.input;
  const asItIs = fits.filter(({ unfolded }) => unfolded === undefined);
  for (const interpretation of fits) {
    if (interpretation.unfolded && asItIs.some((other) => same(interpretation, other))) continue;
    const { count, factor, images, input, unfolded } = interpretation;
    const key = JSON.stringify([count, factor, images, input, unfolded]);
    groups.set(key, [...(groups.get(key) ?? []), interpretation]);
  }
  return [...groups.values()];
}

function candidate({ figure, interpretations }: Fitting, own: ImageSize, tied: boolean): Candidate {
  const { count, factor, images, input, unfolded } = interpretations[0]!;
  const writer = interpretations.find((interpretation) => spelled(figure, interpretation)) ?? interpretations[0]!;
  return {
    who: interpretations.map(({ who }) => who),
    count,
    printed: writer.printed ?? null,
    factor,
    images,
    input,
    unfolded: unfolded ?? null,
    sentence: sentenceOf(figure, interpretations, writer, own),
    tied,
  };
}

function sentenceOf(
  figure: PrintedFigure,
  interpretations: readonly Interpretation[],
  writer: Interpretation,
  own: ImageSize,
): string {
  const { images, input, counts, count, unfolded } = interpretations[0]!;
  const elsewhere = input.join() === own.join() ? '' : ` and not ${own.join('x')}`;
  return [
    whatIsCounted(interpretations, writer),
    ...(images === 1 ? [] : [`for a batch of ${images}`]),
    ...(counts === 'params' ? [] : [`at ${input.join('x')}${elsewhere}`]),
    ...(unfolded ? [unfoldedText(unfolded)] : []),
    ...(fit(figure, count) === 'cut' ? ['its last digit cut rather than rounded'] : []),
  ].join(', ');
}

export const unfoldedText = ({ convolutions, evidence }: Unfolded): string =>
  evidence === 'named'
    ? `with the ${convolutions} batch norms back that the exporter folded into its convolutions`
    : `if a batch norm was folded into each of its ${convolutions} convolutions with a bias`;

function whatIsCounted(interpretations: readonly Interpretation[], { who, printed, factor }: Interpretation): string {
  const names = listed(interpretations.map(({ who }) => who));
  if (factor === 2) return `twice the multiply-adds of ${names}, as FLOPs`;
  if (factor === 0.5) return `half of the operations of ${names}, as multiply-adds`;
  if (printed === undefined) return names;
  return `${names}, printed ${interpretations.length > 1 ? `by ${who} ` : ''}as "${printed}"`;
}

/** By ratio, among what needs no assumption. */
function nearest(figures: readonly PrintedFigure[], all: readonly Interpretation[]): FigureOrigin['nearest'] {
  const [first] = figures
    .flatMap((figure) =>
      all
        .filter(
          (interpretation) =>
            interpretation.assumed === 0 && interpretation.count > 0 && agrees(figure, interpretation),
        )
        .map(({ who, count, input, unfolded = null }) => ({
          who,
          count,
          input,
          unfolded,
          ratio: count / figure.value,
        })),
    )
    .sort((a, b) => Math.abs(Math.log(a.ratio)) - Math.abs(Math.log(b.ratio)));
  return first ?? null;
}
