// Which networks are in a report? Each model once per batch, found again for each run by its name, input and counts.

import type { Run } from '../../src/measure/run.js';
import { groupBy, type Profile } from '../../src/profile.js';
import { by } from '../number.js';
import { abbreviate } from '../visible.js';
import { rowOf } from './layerRow.js';
import type { Network } from './network.js';

/** What stays the same when a model runs at another batch. */
const modelKey = ({ model, input: { c, h, w }, totals }: Pick<Profile, 'model' | 'input' | 'totals'>): string =>
  JSON.stringify([model, c, h, w, totals.params]);

const networkKey = (counted: Pick<Profile, 'model' | 'input' | 'totals'>): string =>
  JSON.stringify([modelKey(counted), counted.input.n, counted.totals.multAdds]);

export class Networks {
  readonly networks: Network[] = [];
  readonly #places = new Map<string, number>();
  readonly #labels = new Map<string, string>();

  constructor(profiles: readonly Profile[]) {
    this.#nameModels(profiles);
    for (const profile of profiles) {
      const { layers, model, source, input, totals } = profile;
      if (this.#places.has(networkKey(profile))) continue;
      this.#place(profile, {
        label: this.#labelOf(profile),
        ...{ model, source, input, totals },
        stages: groupBy(layers, 'stage'),
        layers: layers.map(rowOf),
      });
    }
  }

  /** A network that is known by a run only has totals and no layers. */
  addRun(run: Run): void {
    if (this.#places.has(networkKey(run))) return;
    const { model, source, input, totals } = run;
    this.#place(run, { label: this.#labelOf(run), model, source, input, totals, stages: null, layers: null });
  }

  indexOf(run: Run): number {
    return this.#places.get(networkKey(run))!;
  }

  /** Every network of that batch, in order of first appearance. */
  atBatch(n: number): readonly number[] {
    return this.networks.flatMap(({ input }, i) => (input.n === n ? [i] : []));
  }

  /** One sentence per model whose layers are not known. */
  strangers(): readonly string[] {
    const labels = this.networks.filter(({ layers }) => layers === null).map(({ label }) => label);
    return [...new Set(labels)].map(
      (label) =>
        `${abbreviate(label)} stands in a run file only: its totals are known, its layers are not. Name it as a MODEL to count them.`,
    );
  }

  #place(counted: Pick<Profile, 'model' | 'input' | 'totals'>, network: Network): void {
    this.#places.set(networkKey(counted), this.networks.length);
    this.networks.push(network);
  }

  #nameModels(profiles: readonly Profile[]): void {
    for (const profile of profiles) this.#labelOf(profile);
  }

  /** The model's name; with its input, then with a number, where another model has the name already. */
  #labelOf(counted: Pick<Profile, 'model' | 'input' | 'totals'>): string {
    const key = modelKey(counted);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const { model, input } = counted;
    const taken = new Set(this.#labels.values());
    const candidates = [model, `${model} (${by([input.c, input.h, input.w])})`];
    let label = candidates.find((candidate) => !taken.has(candidate));
    for (let i = 2; label === undefined; i++) if (!taken.has(`${model} (${i})`)) label = `${model} (${i})`;
    this.#labels.set(key, label);
    return label;
  }
}
