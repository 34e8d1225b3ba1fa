// The costs of a model as polynomials, summed over a graph that has symbols for sizes.

import { withoutIneffective } from '../agreement.js';
import { meetings, type Coincidence } from './assumedDistinct.js';
import type { Counts } from '../cost.js';
import { demandAtLeast } from '../dim/atLeast.js';
import { equal, symbol, symbolsOf, type Dim } from '../dim/dim.js';
import { substitute } from '../dim/evaluate.js';
import { FAR, interpolate } from '../dim/interpolate.js';
import type { SizeSymbol } from '../dim/poly.js';
import { withField } from '../fieldPath.js';
import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { NoClosedForm } from '../dim/noClosedForm.js';
import { graphOf, type Model } from '../model.js';
import { opOf } from '../ops/table.js';
import { parted, sumsOf, type ExtraSums, type Sums } from './sums.js';
import { INPUT_CHANNELS, kindOf } from './symbolField.js';
import { checkNames, firstPromises, ownValues, raised, type Assigned, type Promises } from './promises.js';

/** Counts as polynomials, and what each symbol in them promises. */
export interface ClosedForm {
  readonly model: string;
  readonly symbols: readonly SizeSymbol[];
  readonly counts: Counts<Dim>;
  /** Further sums that the caller asked for, by name. */
  readonly others: Sums;
  /** Where it does not hold: there two sizes are equal that its network assumes distinct. */
  readonly unless: readonly Coincidence[];
  /** Of the graph with symbols, which may leave out more than one with numbers. */
  readonly graph: Pick<Graph, 'omitted' | 'unread'>;
}

/**
 * Symbols by the dotted path of the config field that each stands for: `{ growth: 'g',
 * 'channels.2': 'c' }`. Several sizes may share a symbol, as widths that must agree do.
 */
export type FieldSymbols = Readonly<Record<string, string>>;

/**
 * Params, multiply-adds, activations and memory access as polynomials in n, h, w and the given
 * fields' symbols. Each symbol has the weakest promise that makes every division exact and every
 * size positive. A repetition count cannot be a symbol of the graph, so its polynomial is
 * interpolated and checked.
 * @param reading computes further sums, in closed form too
 * @throws InputError for a field that does not exist or is not a number, and where no closed form
 * exists
 */
export function closedForm(model: Model, fieldSymbols: FieldSymbols = {}, reading?: ExtraSums): ClosedForm {
  const fields = Object.entries(fieldSymbols);
  checkNames(fields.map(([, name]) => name));
  const counted = fields.filter(([path]) => kindOf(model, path) === 'count');
  checkCounts(fields, counted);
  const sized = fields.filter(([path]) => kindOf(model, path) !== 'count');
  const own = ownValues(model, fields);
  let promises = firstPromises(model, fields);
  for (;;) {
    try {
      const built: Graph[] = [];
      const count = counting(model, sized, promises, built, reading);
      const sums = sumsAt(count, counted, promises, {});
      checkFar(model.name, count, counted, sums);
      const symbols = symbolsUsed(Object.values(sums), promises);
      const unless = meetings(built.flatMap(({ assumedDistinct = [] }) => assumedDistinct));
      return { model: model.name, symbols, ...parted(sums), unless, graph: built[0]! };
    } catch (error) {
      if (!(error instanceof NoClosedForm)) throw withoutForm(model, error);
      promises = raised(promises, error, own);
    }
  }
}

/** The error for a network that is valid at its own sizes but not with symbols. */
function withoutForm(model: Model, error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  try {
    graphOf(model);
  } catch {
    return error;
  }
  return new InputError(`${model.name} has no closed form in these symbols: ${error.message}`);
}

/** Computes the sums with symbols at given depths. */
type Counting = (depths: Readonly<Record<string, number>>) => Sums;

/** @param built collects the graphs */
function counting(
  model: Model,
  sized: Assigned,
  promises: Promises,
  built: Graph[],
  reading: ExtraSums | undefined,
): Counting {
  const sizeSymbol = (name: string): Dim => symbol(name, promises.get(name));
  const [n, h, w] = [sizeSymbol('n'), sizeSymbol('h'), sizeSymbol('w')];
  const values = Object.fromEntries(sized.map(([path, name]) => [path, sizeSymbol(name)]));
  return (depths) => {
    const graph = provable(buildWith(model, n, h, w, { ...values, ...depths }));
    built.push(graph);
    return sumsOf(graph, reading);
  };
}

/**
 * Checks the polynomial, fitted at small depths, at large ones, for all depth fields at once. The
 * large depths may not require stronger promises of other symbols.
 * @throws InputError where it does not
 */
function checkFar(model: string, count: Counting, counted: Assigned, sums: Sums): void {
  if (counted.length === 0) return;
  const names = counted.map(([, name]) => name).join(', ');
  for (const depth of FAR) {
    // All depths differ, so that an exchange of two of them would be found.
    const depths = counted.map(([path, name], i) => [path, name, depth + i] as const);
    const built = Object.fromEntries(depths.map(([path, , far]) => [path, far]));
    const far = Object.fromEntries(depths.map(([, name, value]) => [name, value]));
    const actual = attempt(() => count(built), names);
    for (const [name, sum] of Object.entries(sums))
      if (!equal(substitute(sum, far), actual[name]!))
        throw new InputError(`no polynomial in ${names} fits: the counts of ${model} are not a closed form of it`);
  }
}

/** A network that cannot be built at another depth has no polynomial in the depth. */
function reached<T>(path: string, depth: number, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (depth === 1 || error instanceof NoClosedForm || !(error instanceof InputError)) throw error;
    throw new InputError(`${path} cannot be a symbol by itself: where it is ${depth}, ${error.message}`);
  }
}

function attempt<T>(build: () => T, names: string): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof NoClosedForm)) throw error;
    throw new InputError(
      `there is no closed form in ${names}: what ${error.choices[0].symbol} must promise depends on it`,
    );
  }
}

/** Builds the model's graph with other values at dotted paths. `input` is the image's channels. */
export function buildWith(model: Model, n: Dim, h: Dim, w: Dim, values: Readonly<Record<string, Dim>>): Graph {
  let config = model.config;
  for (const [path, value] of Object.entries(values)) {
    if (path !== INPUT_CHANNELS) config = withField(model, config, path, value);
  }
  // A depth of 1, used for interpolation, may leave another config field without effect.
  if (config !== model.config) config = withoutIneffective(model.fields, config, Object.keys(values));
  return model.build([n, values[INPUT_CHANNELS] ?? model.input[0], h, w], config);
}

function sumsAt(count: Counting, counted: Assigned, promises: Promises, fixed: Readonly<Record<string, number>>): Sums {
  const [next, ...rest] = counted;
  if (!next) return count(fixed);
  const [path, name] = next;
  const known = new Map<number, Sums>();
  const at = (depth: number): Sums => {
    const sums =
      known.get(depth) ?? reached(path, depth, () => sumsAt(count, rest, promises, { ...fixed, [path]: depth }));
    known.set(depth, sums);
    return sums;
  };
  return Object.fromEntries(
    Object.keys(at(1)).map((key) => [key, interpolate(name, (depth) => at(depth)[key]!, promises.get(name), [])]),
  );
}

/**
 * @throws InputError where a size is positive only for related symbols; promises bound single ones
 */
function provable(graph: Graph): Graph {
  for (const { name, op, shape, attributes } of graph.nodes) {
    for (const side of shape) demandAtLeast(side, 1, `a side of node "${name}"`);
    for (const [key, { kind, item, least = 1 }] of Object.entries(opOf(op).fields)) {
      if (kind !== 'size' && item?.kind !== 'size') continue;
      const sizes = item ? (attributes[key] as readonly Dim[]) : [attributes[key] as Dim];
      for (const size of sizes) demandAtLeast(size, item?.least ?? least, `${key} of node "${name}"`);
    }
  }
  return graph;
}

function symbolsUsed(used: readonly Dim[], promises: Promises): readonly SizeSymbol[] {
  const order = (name: string): number => (promises.has(name) ? [...promises.keys()].indexOf(name) : promises.size);
  return [...symbolsOf(used)].sort((a, b) => order(a.name) - order(b.name));
}

/** Each repetition count is interpolated alone, so it cannot share its symbol. */
function checkCounts(fields: Assigned, counted: Assigned): void {
  for (const [path, name] of counted)
    if (fields.some(([other, used]) => other !== path && used === name))
      throw new InputError(`${path} counts repetitions and cannot share the symbol ${name}: give it one of its own`);
}
