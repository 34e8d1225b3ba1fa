// Compares networks: each count as a ratio to the first network, and one sentence for each.

import { allSides } from './inputSize.js';
import { countsAt, type AtCounts } from './metrics/countNames.js';
import { METRICS } from './metrics/table.js';
import type { Profile, RecordedTotals } from './profile.js';

type Input = Profile['input'];

/**
 * Ratios of every count; null where the first network's is 0, where a record of an earlier version
 * has none, and where either network's counts are lower bounds.
 */
export type Ratios = AtCounts<number | null>;

export interface Compared extends RecordedTotals {
  readonly model: string;
  readonly source: Profile['source'];
  readonly input: Profile['input'];
  /** Bytes of an element; of a file as it stores its weights. */
  readonly bytesPerElement: number;
  /** Present only where its totals are a lower bound. */
  readonly lowerBound?: NonNullable<Profile['lowerBound']>;
  /** Learnt numbers that its file holds and no layer reads. Present only where there are some. */
  readonly unread?: number;
  /** Before its batch norms were folded into convolutions. Present only where names show it. */
  readonly beforeFolding?: NonNullable<Profile['beforeFolding']>;
}

export interface Comparison {
  readonly schema: 'flopscope.compare/1';
  /** Of the first network. */
  readonly bytesPerElement: number;
  /** Totals of every network, the first being what the others are compared to. */
  readonly models: readonly Compared[];
  /** In the order of `models`; all 1 for the first. */
  readonly ratios: readonly ({ readonly model: string } & Ratios)[];
  /** One per network after the first. */
  readonly findings: readonly string[];
}

/** What is compared: the totals of a profile, or those that a measured run carries. */
export type Counted = Pick<
  Profile,
  'model' | 'source' | 'input' | 'bytesPerElement' | 'lowerBound' | 'unread' | 'beforeFolding'
> & {
  readonly totals: RecordedTotals;
};

/**
 * @param given at least one; the first is the reference
 * @param bytesPerElement of all networks, in place of their own
 */
export function compare(given: readonly [Counted, ...Counted[]], bytesPerElement?: number): Comparison {
  const profiles =
    bytesPerElement === undefined ? given : given.map((profile): Counted => ({ ...profile, bytesPerElement }));
  const [reference = given[0]] = profiles;
  const ratios = profiles.map((profile) => ({ model: profile.model, ...ratiosOf(profile, reference) }));
  return {
    schema: 'flopscope.compare/1',
    bytesPerElement: reference.bytesPerElement,
    models: profiles.map(({ model, source, input, totals, lowerBound, unread, beforeFolding, ...own }) => ({
      ...{ model, source, input, bytesPerElement: own.bytesPerElement, ...totals },
      ...(lowerBound ? { lowerBound } : {}),
      ...(unread ? { unread } : {}),
      ...(beforeFolding ? { beforeFolding } : {}),
    })),
    ratios,
    findings: ratios.slice(1).map((ratio, i) => finding(profiles[i + 1]!, reference, ratio)),
  };
}

function ratiosOf(network: Counted, reference: Counted): Ratios {
  const bounds = network !== reference && (network.lowerBound ?? reference.lowerBound) !== undefined;
  return countsAt((name) => {
    const [own, theirs] = [network, reference].map(({ totals }) => METRICS[name].read({ totals }));
    return bounds || own == null || !theirs ? null : own / theirs;
  });
}

/** Ratios nearer to 1 than this are called about the same. */
export const SAME = 0.005;

const direction = (ratio: number): -1 | 0 | 1 => (Math.abs(ratio - 1) < SAME ? 0 : ratio < 1 ? -1 : 1);

const times = (ratio: number): string =>
  ratio > 0 && ratio < 0.005 ? 'under 0.01x' : `${ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)}x`;

const same = (ratio: number): string => (ratio === 1 ? 'the same' : 'about the same');

/** "a has 0.69x the multiply-adds of b but 1.09x its memory access, in 2.47x as many ops." */
function finding(own: Counted, reference: Counted, { multAdds, memoryAccess, ops }: Ratios): string {
  const { model, input } = own;
  if (own.lowerBound || reference.lowerBound) return incomparable(own, reference);
  const access = memoryAccess.unfused ?? 1;
  const launches = `in ${ops === null || direction(ops) === 0 ? 'as many ops' : `${times(ops)} as many ops`}${atInputs(input, reference.input)}${inElements(own, reference)}`;
  if (multAdds === null) return `${model} has ${times(access)} the memory access of ${reference.model}, ${launches}.`;
  const [work, traffic] = [direction(multAdds), direction(access)];
  const first =
    work === 0
      ? `${same(multAdds)} multiply-adds as ${reference.model}`
      : `${times(multAdds)} the multiply-adds of ${reference.model}`;
  const second = traffic === 0 ? `${same(access)} memory access` : `${times(access)} its memory access`;
  return `${model} has ${first} ${work === traffic ? 'and' : 'but'} ${second}, ${launches}.`;
}

/** "b cannot be compared with a: what is counted of a is a lower bound." */
export function incomparable(
  own: Pick<Counted, 'model' | 'lowerBound'>,
  reference: Pick<Counted, 'model' | 'lowerBound'>,
): string {
  const bounds = [own, reference].filter(({ lowerBound }) => lowerBound).map(({ model }) => model);
  const what =
    bounds.length === 2
      ? 'what is counted of each is a lower bound'
      : `what is counted of ${bounds[0]!} is a lower bound`;
  return `${own.model} cannot be compared with ${reference.model}: ${what}.`;
}

/** Ratios are of elements, so a sentence says where those of two files differ in size. */
const inElements = ({ bytesPerElement: own }: Counted, { bytesPerElement: theirs }: Counted): string =>
  own === theirs ? '' : `; but its elements have ${own} ${own === 1 ? 'byte' : 'bytes'}, not ${theirs}`;

/** Larger images alone make a network heavier, so a sentence says where the inputs differ. */
function atInputs(own: Input, reference: Input): string {
  const [ours, theirs] = [own, reference].map((input) => allSides(input).join('x'));
  return ours === theirs ? '' : `; but its input is ${ours}, not ${theirs}`;
}
