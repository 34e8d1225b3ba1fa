// Gives nodes their name, stage and block, from module paths or from the node before.

import { clipped } from '../../document/problem.js';
import type { StageAndBlock } from '../../builder.js';
import { kerasStageAndBlock } from './kerasNames.js';
import type { FileCall } from './call.js';

export interface Named extends StageAndBlock {
  readonly name: string;
}

export interface Naming<C extends FileCall> {
  /** @param op ours; @param part distinguishes the nodes of one call */
  of(call: C, op: string, part: string): Named;
  place(call: C): StageAndBlock;
  /** A name that no node has, as near to the wanted one as it can be. */
  reserve(wanted: string): string;
}

/** What a format knows of the names in its files. */
export interface NamesInFile<C extends FileCall> {
  /**
   * Modules from the outside in, such as ["layer1", "0", "conv1"]; undefined where the file does
   * not say.
   */
  pathOf(call: C): readonly string[] | undefined;
  /**
   * Whether the call has weights. Most of them stand in the module that only wraps the stages, if
   * there is one.
   */
  hasWeights(call: C): boolean;
  /** Stage and block, where the file states them outright. */
  placeOf?(call: C): StageAndBlock | undefined;
}

const LONGEST_NAME = 200;
/**
 * A module that holds at least this share of the weights only wraps the stages ("features",
 * "backbone").
 */
const WRAPS = 0.8;
const NUMBER = /^\d+$/;

interface Path {
  readonly modules: readonly string[];
  /** Whether the last module is this call's own, and not one that holds others too. */
  readonly leaf: boolean;
}

/** Names that are all different. */
export class Names {
  private readonly taken = new Set<string>();
  /** The next number to try for each name that is taken. */
  private readonly numbers = new Map<string, number>();

  /** @param op is appended before a number is, where the wanted name is taken; '' for none */
  free(wanted: string, op = ''): string {
    const clean = clipped(cleaned(wanted), LONGEST_NAME);
    const choices = op === '' || clean.endsWith(op) ? [clean] : [clean, `${clean}.${op}`];
    const base = choices.at(-1)!;
    let name = choices.find((choice) => !this.taken.has(choice));
    let number = this.numbers.get(base) ?? 2;
    for (; name === undefined; number++) if (!this.taken.has(`${base}_${number}`)) name = `${base}_${number}`;
    this.numbers.set(base, number);
    this.taken.add(name);
    return name;
  }
}

export class PathNaming<C extends FileCall> implements Naming<C> {
  private readonly paths = new Map<C, Path>();
  private readonly names = new Names();
  private readonly wrapper: string | undefined;
  private last: StageAndBlock = { stage: '', block: '' };

  constructor(
    calls: readonly C[],
    private readonly file: NamesInFile<C>,
  ) {
    const all = calls.map((call) => file.pathOf(call));
    const common = wrappers(all.filter((modules) => modules !== undefined));
    const inner = all.map((modules) => modules?.slice(common));
    const holders = new Set(inner.flatMap((modules) => (modules ?? []).map((_, i) => modules!.slice(0, i).join('/'))));
    calls.forEach((call, i) => {
      const modules = inner[i];
      if (modules) this.paths.set(call, { modules, leaf: modules.length > 0 && !holders.has(modules.join('/')) });
    });
    this.wrapper = mostCommon(calls.flatMap((call, i) => (file.hasWeights(call) ? [inner[i] ?? []] : [])));
  }

  of(call: C, op: string, part: string): Named {
    const path = this.paths.get(call);
    const own = path ? nameOf(path, op) : call.name || op;
    const name = part === '' ? this.names.free(own, path ? op : '') : this.names.free(`${own}.${part}`);
    return { name, ...this.place(call) };
  }

  place(call: C): StageAndBlock {
    const path = this.paths.get(call);
    this.last = this.file.placeOf?.(call) ?? (path ? this.placeIn(path) : this.last);
    return this.last;
  }

  reserve(wanted: string): string {
    return this.names.free(wanted);
  }

  private placeIn({ modules, leaf }: Path): StageAndBlock {
    return kerasStageAndBlock(modules[0] ?? '') ?? stageAndBlockOf(leaf ? modules.slice(0, -1) : modules, this.wrapper);
  }
}

export const cleaned = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').replace(/^\/+/, '') || '?';

const nameOf = ({ modules, leaf }: Path, op: string): string => (leaf ? modules : [...modules, op]).join('.');

/**
 * How many first modules all paths share, as in "StatefulPartitionedCall/resnet50".
 * @param left how many modules each path keeps behind them
 */
export function sharedModules(paths: readonly (readonly string[])[], left: number): number {
  const [first = []] = paths;
  const shortest = paths.reduce((least, { length }) => Math.min(least, length), Infinity);
  const most = Math.max(0, shortest - left);
  const differs = first.findIndex((module, i) => paths.some((path) => path[i] !== module));
  return Math.min(most, differs < 0 ? first.length : differs);
}

/** A module that is the start of every path. A network whose every path is short has none. */
function wrappers(paths: readonly (readonly string[])[]): number {
  const long = paths.filter(({ length }) => length > 1);
  const [first] = long;
  if (!first || long.length < paths.length || NUMBER.test(first[1]!)) return 0;
  return sharedModules(long, 1);
}

function mostCommon(paths: readonly (readonly string[])[]): string | undefined {
  const counts = new Map<string, number>();
  for (const [first] of paths) if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  return [...counts].find(([, count]) => count >= WRAPS * paths.length)?.[0];
}

const LISTS = /^(blocks?|layers?|units?)$/;

/** @param wrapper the module around all stages, where there is one */
function stageAndBlockOf(modules: readonly string[], wrapper: string | undefined): StageAndBlock {
  const [first, second, third] = modules;
  if (first === undefined) return { stage: '', block: '' };
  if (first !== wrapper || second === undefined) return blockIn(first, modules.slice(1));
  if (!NUMBER.test(second)) return blockIn(second, modules.slice(2));
  const staged = third !== undefined && (NUMBER.test(third) || LISTS.test(third));
  return staged ? blockIn(`${first}.${second}`, modules.slice(2)) : { stage: first, block: `${first}.${second}` };
}

/** The unit below a stage: its number, or a named list with a number. */
function blockIn(stage: string, [first, second]: readonly string[]): StageAndBlock {
  if (first === undefined) return { stage, block: '' };
  const unit = !NUMBER.test(first) && second !== undefined && NUMBER.test(second) ? `${first}.${second}` : first;
  return { stage, block: `${stage}.${unit}` };
}
