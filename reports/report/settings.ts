// Groups comparable measurements: one device, engine, mode, precision and batch.

import { deviceLabel } from '../../src/measure/label.js';
import type { Run, RunDevice } from '../../src/measure/run.js';
import { abbreviate } from '../../src/visible.js';
import type { Networks } from './networks.js';

export interface Setting {
  readonly device: RunDevice;
  readonly engine: string;
  readonly mode: Run['mode'];
  readonly precision: string;
  readonly environment: Run['environment'];
  /** Of the first run; later ones of the same device differ by noise. */
  readonly ceilings: Run['ceilings'];
  /** ISO 8601, UTC, of the first and the last run. */
  readonly measured: readonly [from: string, to: string];
}

interface Part {
  readonly label: string;
  readonly batch: number;
  readonly setting: Setting;
  /** Index of the network -> index of its run. */
  readonly runs: ReadonlyMap<number, number>;
  /** Runs of the same networks before those, the earliest first. */
  readonly earlier: readonly Earlier[];
}

/** Indices of a network and of its runs. */
interface Earlier {
  readonly network: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The setting with the most networks comes first. Of several runs of one network the latest is
 * shown, and a sentence says so.
 */
export function settingsOf(
  runs: readonly Run[],
  known: Networks,
): { readonly settings: readonly Part[]; readonly repeated: readonly string[] } {
  const groups = new Map<string, number[]>();
  for (const [i, run] of runs.entries()) {
    const key = keyOf(run);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const repeated: string[] = [];
  const parts = [...groups.values()].map((members): Part => {
    const latest = new Map<number, number>();
    const inOrder = [...members].sort((a, b) => runs[a]!.measuredAt.localeCompare(runs[b]!.measuredAt));
    for (const i of inOrder) latest.set(known.indexOf(runs[i]!), i);
    const shown = new Set(latest.values());
    const hidden = members.filter((i) => !shown.has(i));
    if (hidden.length > 0) {
      // Whether a later run without times of layers hides an earlier one with them.
      const layered = (i: number): boolean => runs[i]!.layers !== null;
      const lost = hidden.some((i) => layered(i) && !layered(latest.get(known.indexOf(runs[i]!))!));
      repeated.push(
        `${hidden.length} earlier ${hidden.length === 1 ? 'run' : 'runs'} of the same networks on ${deviceLabel(runs[members[0]!]!)} ${hidden.length === 1 ? 'stands' : 'stand'} under "Before and after" alone: elsewhere the latest counts${lost ? ', also where only an earlier one has times of layers; leave out the later file to see them' : ''}.`,
      );
    }
    const earlier = [...latest].flatMap(([network, after]) =>
      inOrder
        .filter((i) => i !== after && known.indexOf(runs[i]!) === network)
        .map((before): Earlier => ({ network, before, after })),
    );
    // Only runs that are shown are described.
    return { ...partOf([...latest.values()].sort((a, b) => a - b).map((i) => runs[i]!)), runs: latest, earlier };
  });
  return { settings: distinct(parts).sort((a, b) => b.runs.size - a.runs.size), repeated };
}

const keyOf = ({ device, engine, mode, precision, environment, input }: Run): string =>
  JSON.stringify([
    ...[device.vendor, device.name, device.kind, device.software, device.driver],
    ...[engine, mode, precision, environment.platform, environment.cpu, input.n],
  ]);

function partOf(runs: readonly Run[]): Omit<Part, 'runs' | 'earlier'> {
  const [first] = runs;
  const { device, engine, mode, precision, environment, input } = first!;
  const dates = runs.map(({ measuredAt }) => measuredAt).sort();
  return {
    label: `${deviceLabel(first!)}${mode === 'eager' ? ', eager' : ''}${precision === 'float32' ? '' : `, ${abbreviate(precision, 40)}`}, batch ${input.n}`,
    batch: input.n,
    setting: {
      ...{ device, engine, mode, precision, environment },
      ceilings: runs.find(({ ceilings }) => ceilings !== null)?.ceilings ?? null,
      measured: [dates[0]!, dates.at(-1)!],
    },
  };
}

/**
 * Two machines with the same device differ by processor, then driver, then a number.
 */
function distinct(parts: readonly Part[]): Part[] {
  const ways: readonly ((part: Part, i: number) => string)[] = [
    ({ setting }) => `on ${abbreviate(setting.environment.cpu, 32)}`,
    ({ setting }) => `driver ${abbreviate(setting.device.driver ?? 'unknown', 32)}`,
    (_, i) => `machine ${i + 1}`,
  ];
  let named = [...parts];
  for (const way of ways) {
    const shared = (label: string): boolean => named.filter((part) => part.label === label).length > 1;
    named = named.map((part, i) => (shared(part.label) ? { ...part, label: `${part.label}, ${way(part, i)}` } : part));
  }
  return named;
}
