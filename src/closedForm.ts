// What does a model cost as a formula? Its graph is built with symbols for sizes, and the same sums are read from it.

import { valueOf, whyIdle, withoutIdle } from './agreement.js';
import { countsOf, sites, type Counts } from './cost.js';
import { add, symbol, symbolsOf, type Dim } from './dim/dim.js';
import { interpolate } from './dim/interpolate.js';
import type { Letter } from './dim/poly.js';
import type { Field, Kind } from './field.js';
import type { Graph } from './graph.js';
import { InputError, NoClosedForm } from './inputError.js';
import type { Config, Model } from './model.js';
import { likely, near } from './nearest.js';

/** Counts as polynomials, and what each symbol in them promises. */
export interface ClosedForm {
  readonly model: string;
  readonly symbols: readonly Letter[];
  readonly counts: Counts<Dim>;
}

/**
 * Symbols by the dotted path of the config field that each stands for: `{ growth: 'g', 'channels.2': 'c' }`.
 * Several sizes may share a symbol, as widths that must agree do.
 */
export type FieldSymbols = Readonly<Record<string, string>>;

/** The path that stands for the channels of the input image. */
export const INPUT_CHANNELS = 'input';

/** Batch, height and width are always symbols. */
const OWN_SYMBOLS = ['n', 'h', 'w'];
/** Past this a promise would exclude every input that anyone uses. */
const LARGEST_PROMISE = 100_000;

/**
 * Params, multiply-adds, activations and memory access as polynomials in n, h, w and the given fields' symbols.
 * Each symbol promises the least multiple for which every division in the network is exact; a field that counts
 * repetitions cannot be a symbol of the graph, so its polynomial is interpolated and checked (dim/interpolate.ts).
 * @throws InputError for a field that does not exist or is no number, and where no closed form exists
 */
export function closedForm(model: Model, fieldSymbols: FieldSymbols = {}): ClosedForm {
  const fields = Object.entries(fieldSymbols);
  checkNames(fields.map(([, name]) => name));
  const counted = fields.filter(([path]) => kindOf(model, path) === 'count');
  checkCounts(fields, counted);
  const sized = fields.filter(([path]) => kindOf(model, path) !== 'count');
  const promises = new Map([...OWN_SYMBOLS, ...sized.map(([, name]) => name)].map((name) => [name, 1]));
  for (;;) {
    try {
      const counts = countsAt(model, sized, counted, promises, {});
      return { model: model.name, symbols: symbolsUsed(counts, promises), counts };
    } catch (error) {
      if (!(error instanceof NoClosedForm) || !promises.has(error.symbol)) throw error;
      if (error.needs > LARGEST_PROMISE || error.needs <= promises.get(error.symbol)!) throw error;
      promises.set(error.symbol, error.needs);
    }
  }
}

/** The model's graph where some config fields have other values, by dotted path; `input` is the image's channels. */
export function buildWith(model: Model, n: Dim, h: Dim, w: Dim, values: Readonly<Record<string, Dim>>): Graph {
  let config = model.config;
  for (const [path, value] of Object.entries(values)) {
    if (path !== INPUT_CHANNELS) config = withField(model, config, path, value);
  }
  // A depth that is set to 1 on the way to a closed form may leave a field of the config without effect.
  if (config !== model.config) config = withoutIdle(model.fields, config, Object.keys(values));
  return model.build([n, values[INPUT_CHANNELS] ?? model.input[0], h, w], config);
}

/** Adds up the counts of every node, whether they are numbers or polynomials. */
export function sumCounts(graph: Graph): Counts<Dim> {
  let total: Counts<Dim> | undefined;
  for (const site of sites(graph)) {
    const counts = countsOf(site);
    total = total ? combine(total, counts, add) : counts;
  }
  if (!total) throw new InputError(`the model ${graph.name} has no layers`);
  return total;
}

function countsAt(
  model: Model,
  sized: Assigned,
  counted: Assigned,
  promises: ReadonlyMap<string, number>,
  fixed: Readonly<Record<string, Dim>>,
): Counts<Dim> {
  const [next, ...rest] = counted;
  if (!next) {
    const letter = (name: string): Dim => symbol(name, promises.get(name));
    const values = Object.fromEntries(sized.map(([path, name]) => [path, letter(name)]));
    return sumCounts(buildWith(model, letter('n'), letter('h'), letter('w'), { ...values, ...fixed }));
  }
  const [path, name] = next;
  const known = new Map<number, Counts<Dim>>();
  const at = (count: number): Counts<Dim> => {
    const counts = known.get(count) ?? countsAt(model, sized, rest, promises, { ...fixed, [path]: count });
    known.set(count, counts);
    return counts;
  };
  return mapCounts(at(1), (_, pick) => interpolate(name, (count) => pick(at(count))));
}

/** Every reading of the counts, with the function that picks the same reading from others. */
export function mapCounts<A, B>(
  counts: Counts<A>,
  change: (value: A, pick: <N>(from: Counts<N>) => N) => B,
): Counts<B> {
  const { memoryAccess } = counts;
  return {
    params: change(counts.params, (from) => from.params),
    multAdds: change(counts.multAdds, (from) => from.multAdds),
    activations: change(counts.activations, (from) => from.activations),
    memoryAccess: {
      conv: change(memoryAccess.conv, (from) => from.memoryAccess.conv),
      linear: change(memoryAccess.linear, (from) => from.memoryAccess.linear),
      unfused: change(memoryAccess.unfused, (from) => from.memoryAccess.unfused),
      fused: change(memoryAccess.fused, (from) => from.memoryAccess.fused),
    },
  };
}

const combine = <N>(a: Counts<N>, b: Counts<N>, join: (x: N, y: N) => N): Counts<N> =>
  mapCounts(a, (value, pick) => join(value, pick(b)));

function symbolsUsed(counts: Counts<Dim>, promises: ReadonlyMap<string, number>): readonly Letter[] {
  const used: Dim[] = [];
  mapCounts(counts, (value) => used.push(value));
  const order = (name: string): number => (promises.has(name) ? [...promises.keys()].indexOf(name) : promises.size);
  return [...symbolsOf(used)].sort((a, b) => order(a.name) - order(b.name));
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
      throw new InputError(`"${name}" cannot be a symbol: use a letter followed by letters, digits or underscores`);
    if (OWN_SYMBOLS.includes(name))
      throw new InputError(`the symbol ${name} is taken: n, h and w are batch, height and width; use another letter`);
  }
}

type Assigned = readonly (readonly [path: string, name: string])[];

/** A repetition count is interpolated by itself, so it cannot share its symbol. */
function checkCounts(fields: Assigned, counted: Assigned): void {
  for (const [path, name] of counted)
    if (fields.some(([other, used]) => other !== path && used === name))
      throw new InputError(`${path} counts repetitions and cannot share the symbol ${name}: give it one of its own`);
}

type Numeric = 'size' | 'ratio' | 'count';
const isNumeric = (kind: Kind | undefined): kind is Numeric => kind === 'size' || kind === 'ratio' || kind === 'count';

function kindOf(model: Model, path: string): Numeric {
  if (path === INPUT_CHANNELS) return 'size';
  const keys = path.split('.');
  const field = model.fieldAt(keys);
  const idle = whyIdle(model.fields, model.config, keys[0]!);
  if (idle !== undefined) throw new InputError(`${keys[0]} has no effect where ${idle}`);
  if (isNumeric(field?.kind)) return field.kind;
  throw new InputError(field ? `${path} ${whyNot(path, field)}` : unknownField(model, path));
}

/** Why a field cannot be a symbol. */
function whyNot(path: string, { kind, item }: Field<unknown>): string {
  if (isNumeric(item?.kind)) return `is a list: name one of its items, as in ${path}.0`;
  return kind === 'whole' || item?.kind === 'whole' || kind === 'pair' || kind === 'padding'
    ? 'cannot be a symbol: no polynomial follows what it does to the sizes; compare profiles instead'
    : `cannot be a symbol: it holds no number, but a ${kind}`;
}

const MOST_NAMES = 12;

function unknownField(model: Model, path: string): string {
  const item = /(?:\.\d+)?$/.exec(path)![0] || '.0';
  const names = Object.entries(model.fields)
    .filter(([key, { kind, item }]) => isNumeric(item?.kind ?? kind) && !whyIdle(model.fields, model.config, key))
    .map(([key, { kind }]) => (kind === 'list' ? key + item : key));
  const known = [...names, INPUT_CHANNELS];
  const close = near(path, known);
  const help =
    close.length === 0 && known.length <= MOST_NAMES
      ? `its numeric fields are ${known.join(', ')}`
      : `the nearest ${close.length === 1 ? 'is' : 'are'} ${likely(path, known).join(', ')}`;
  return `${model.name} has no numeric field "${path}"; ${help}`;
}

/** The config with another value at a dotted path; a list that it leaves to its default is written out first. */
export function withField(model: Model, config: Config, path: string, value: unknown): Config {
  const keys = path.split('.');
  const around = keys.slice(0, -1);
  const [first] = around;
  if (first === undefined || valueAt(config, around) !== undefined) return replaceAt(config, keys, value) as Config;
  const list = around.length === 1 ? valueOf(model.fields, config, first) : model.fieldAt(around)?.fallback;
  return replaceAt(replaceAt(config, around, list), keys, value) as Config;
}

const valueAt = (tree: unknown, keys: readonly string[]): unknown =>
  keys.reduce((part: unknown, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], tree);

function replaceAt(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(tree)) {
    const index = Number(key);
    if (!(Number.isInteger(index) && index >= 0 && index < tree.length))
      throw new InputError(`there is no item ${key} in a list of ${tree.length}: items are counted from 0`);
    return tree.map((item: unknown, i) => (i === index ? replaceAt(item, rest, value) : item));
  }
  const mapping = (tree ?? {}) as Record<string, unknown>;
  return { ...mapping, [key]: replaceAt(mapping[key], rest, value) };
}
