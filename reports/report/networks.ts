// The networks of a report, one per model and batch, joined with runs by name, input and counts.

import { imageSides } from '../../src/inputSize.js';
import type { MissedTraining, ProfileTraining } from '../../src/diagnosis/trainingStep.js';
import type { Run } from '../../src/measure/run.js';
import { groupBy, type Profile, type RecordedTotals } from '../../src/profile.js';
import { by } from '../text/number.js';
import { BYTES_PER_ELEMENT, type Network } from './network.js';
import { rowOf } from './storeLayer.js';
import { trainedNetwork } from './trained.js';
import { unknownLayersSentence } from './unknownLayers.js';

export type Trainings = ReadonlyMap<Profile, ProfileTraining | MissedTraining>;

type Counted = Pick<Profile, 'model' | 'source' | 'input'> & { readonly totals: RecordedTotals };

/** The key of a model, which is the same at every batch. */
const modelKey = ({ model, input: { c, h, w }, totals }: Pick<Counted, 'model' | 'input' | 'totals'>): string =>
  JSON.stringify([model, c, h, w, totals.params]);

const networkKey = (counted: Pick<Counted, 'model' | 'input' | 'totals'>): string =>
  JSON.stringify([modelKey(counted), counted.input.n, counted.totals.multAdds]);

/** Whether two networks have the same name, input and counts. */
export const sameNetwork = (a: Counted, b: Counted): boolean => networkKey(a) === networkKey(b);

const ownBytes = (bytesPerElement: number): Pick<Network, 'bytesPerElement'> =>
  bytesPerElement === BYTES_PER_ELEMENT ? {} : { bytesPerElement };

export class Networks {
  readonly networks: Network[] = [];
  readonly #places = new Map<string, number>();
  readonly #profileOf = new Map<number, Profile>();
  readonly #labels = new Map<string, string>();
  readonly #profiles: readonly Profile[];
  readonly #unknownLayers = new Set<string>();
  readonly #trainings: Trainings;

  /** @param counted networks, which are shown only if one of their runs is added */
  constructor(profiles: readonly Profile[], counted: readonly Profile[] = [], trainings: Trainings = new Map()) {
    this.#trainings = trainings;
    this.#profiles = [...profiles, ...counted];
    for (const profile of profiles) this.#labelOf(profile);
    for (const profile of profiles) this.#addProfile(profile);
  }

  /** A network that is known by a run only has totals and no layers. */
  addRun(run: Run): void {
    if (this.#places.has(networkKey(run))) return;
    const profile = this.#profiles.find((one) => sameNetwork(one, run));
    if (profile) {
      this.#addProfile(profile);
      return;
    }
    const { model, source, input, bytesPerElement, totals, lowerBound } = run;
    const namesake = this.#profiles.find((one) => one.model === model && sameInput(one.input, input));
    const label = this.#labelOf(run, namesake !== undefined);
    this.#place(run, {
      ...{ label, model, source, input, totals, ...ownBytes(bytesPerElement) },
      ...(lowerBound ? { lowerBound } : {}),
      stages: null,
      layers: null,
    });
    this.#unknownLayers.add(unknownLayersSentence(label, run, namesake));
  }

  indexOf(run: Run): number {
    return this.#places.get(networkKey(run))!;
  }

  /**
   * The profile of a network's layers; undefined where the network is known only from a run file.
   */
  profileAt(index: number): Profile | undefined {
    return this.#profileOf.get(index);
  }

  /** Every network of that batch, in order of first appearance. */
  atBatch(n: number): readonly number[] {
    return this.networks.flatMap(({ input }, i) => (input.n === n ? [i] : []));
  }

  /** One sentence for each model whose layers are not known, with the reason. */
  unknownLayers(): readonly string[] {
    return [...this.#unknownLayers];
  }

  #addProfile(profile: Profile): void {
    if (this.#places.has(networkKey(profile))) return;
    const { layers, model, source, input, bytesPerElement, totals, lowerBound } = profile;
    this.#profileOf.set(this.networks.length, profile);
    this.#place(profile, {
      label: this.#labelOf(profile),
      ...{ model, source, input, totals, ...ownBytes(bytesPerElement) },
      ...(lowerBound ? { lowerBound } : {}),
      stages: groupBy(layers, 'stage'),
      layers: layers.map(rowOf),
      ...this.#trained(profile),
    });
  }

  #trained(profile: Profile): Pick<Network, 'training' | 'missesBudget'> {
    const known = this.#trainings.get(profile);
    if (!known) return {};
    if ('missed' in known) return { missesBudget: known.missed.miss };
    const stages = groupBy(profile.layers, 'stage').map(({ name }) => name);
    const layers = profile.layers.map(({ name }) => name);
    return { training: trainedNetwork(known.training, known.findings, stages, layers) };
  }

  #place(counted: Counted, network: Network): void {
    this.#places.set(networkKey(counted), this.networks.length);
    this.networks.push(network);
  }

  /**
   * The model's name; where another model has it, with the input, then with a number.
   * @param fromRunFile whether the name belongs to another network: then it gets "(run file)"
   */
  #labelOf(counted: Counted, fromRunFile = false): string {
    const { model, input, totals } = counted;
    const key = fromRunFile ? JSON.stringify([modelKey(counted), totals.multAdds / input.n]) : modelKey(counted);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const taken = new Set(this.#labels.values());
    const size = by(imageSides(input));
    const candidates = fromRunFile
      ? [`${model} (run file)`, `${model} (run file, ${size})`]
      : [model, `${model} (${size})`];
    let label = candidates.find((candidate) => !taken.has(candidate));
    for (let i = 2; label === undefined; i++) if (!taken.has(`${model} (${i})`)) label = `${model} (${i})`;
    this.#labels.set(key, label);
    return label;
  }
}

type Input = Counted['input'];
const sameInput = (a: Input, b: Input): boolean => a.n === b.n && a.c === b.c && a.h === b.h && a.w === b.w;
