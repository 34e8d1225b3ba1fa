// Which layer, stage and block is a node of the file? Exporters write the path of modules into its name, or into its weight's.

import { clipped } from '../../document/problem.js';
import type { OnnxNode } from './messages.js';

export interface Named {
  readonly name: string;
  readonly stage: string;
  readonly block: string;
}

const LONGEST_NAME = 200;
/** The share of weights that a module holds which only wraps the stages ("features", "backbone"). */
const WRAPS = 0.8;

interface Path {
  /** Modules from the outside in. */
  readonly modules: readonly string[];
  /** Whether the last module is this node's own, and not one that holds others too. */
  leaf: boolean;
}

export class Naming {
  private readonly paths = new Map<OnnxNode, Path>();
  private readonly taken = new Set<string>();
  /** The next number to try for each name that is taken. */
  private readonly numbers = new Map<string, number>();
  private readonly wrapper: string | undefined;
  private last: Pick<Named, 'stage' | 'block'> = { stage: '', block: '' };

  /** @param weights names of parameters */
  constructor(nodes: readonly OnnxNode[], weights: ReadonlySet<string>) {
    const all = nodes.map((node) => pathOf(node, weights));
    const common = sharedStart(all.filter((modules) => modules !== undefined));
    const inner = all.map((modules) => modules?.slice(common));
    const holders = new Set(inner.flatMap((modules) => (modules ?? []).map((_, i) => modules!.slice(0, i).join('/'))));
    nodes.forEach((node, i) => {
      const modules = inner[i];
      if (modules) this.paths.set(node, { modules, leaf: modules.length > 0 && !holders.has(modules.join('/')) });
    });
    const weighted = nodes.flatMap((node, i) => (node.input.some((name) => weights.has(name)) ? [inner[i] ?? []] : []));
    this.wrapper = mostCommon(weighted);
  }

  /** @param part tells the ops of one node apart */
  of(node: OnnxNode, op: string, part: string): Named {
    const path = this.paths.get(node);
    const own = path ? nameOf(path, op) : clipped(cleaned(node.name || op), LONGEST_NAME);
    const name = this.free(part === '' ? own : `${own}.${part}`, path && part === '' ? op : '');
    return { name, ...this.place(node) };
  }

  /** Where a node stands: as it says, or beside the one before. */
  place(node: OnnxNode): Pick<Named, 'stage' | 'block'> {
    const path = this.paths.get(node);
    const stated = placeStated(node);
    if (stated) this.last = stated;
    else if (path) this.last = this.placeOf(path);
    return this.last;
  }

  private placeOf({ modules, leaf }: Path): Pick<Named, 'stage' | 'block'> {
    const holders = leaf ? modules.slice(0, -1) : modules;
    return kerasPlace(modules) ?? placeIn(holders, this.wrapper);
  }

  private free(wanted: string, op: string): string {
    const choices = op === '' || wanted.endsWith(op) ? [wanted] : [wanted, `${wanted}.${op}`];
    const base = choices.at(-1)!;
    let name = choices.find((choice) => !this.taken.has(choice));
    let number = this.numbers.get(base) ?? 2;
    for (; name === undefined; number++) {
      const numbered = `${base}_${number}`;
      if (!this.taken.has(numbered)) name = numbered;
    }
    this.numbers.set(base, number);
    this.taken.add(name);
    return name;
  }

  /** A name that is no node's. */
  reserve(name: string): string {
    return this.free(clipped(cleaned(name), LONGEST_NAME), '');
  }
}

const cleaned = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').replace(/^\/+/, '') || '?';

function nameOf({ modules, leaf }: Path, op: string): string {
  const path = modules.join('.');
  return clipped(cleaned(leaf ? path : [...modules, op].join('.')), LONGEST_NAME);
}

/** A file that flopscope wrote says it in the metadata of its nodes. */
function placeStated({ metadataProps }: OnnxNode): Pick<Named, 'stage' | 'block'> | undefined {
  const said = (key: string): string | undefined => metadataProps.find((entry) => entry.key === key)?.value;
  const [stage, block] = [said('flopscope.stage'), said('flopscope.block')];
  return stage === undefined && block === undefined ? undefined : { stage: stage ?? '', block: block ?? '' };
}

/** "/layer1/layer1.0/conv1/Conv" is layer1, 0, conv1; a flat name is looked for in its weights: "layer1.0.conv1.weight". */
function pathOf({ name = '', input }: OnnxNode, weights: ReadonlySet<string>): readonly string[] | undefined {
  if (name.includes('/')) return modulesOf(name.split('/').filter(Boolean).slice(0, -1));
  const weight = input.find((one) => weights.has(one) && /[^.]\.[^.]+$/.test(one) && !one.includes(':'));
  return weight?.split('.').slice(0, -1);
}

/** A module in a numbered list repeats its list's name: layer1 / layer1.0 is the module 0 of layer1. */
function modulesOf(segments: readonly string[]): readonly string[] {
  const modules: string[] = [];
  let before = '';
  for (const segment of segments) {
    const repeats = before !== '' && segment.startsWith(`${before}.`);
    modules.push(...(repeats ? segment.slice(before.length + 1) : segment).split('.'));
    before = segment;
  }
  return modules;
}

/** How many modules all paths begin with: "StatefulPartitionedCall/resnet50" says nothing. */
function sharedStart(paths: readonly (readonly string[])[]): number {
  const long = paths.filter(({ length }) => length > 1);
  const [first] = long;
  // A network whose every path is short has no wrapper to lose.
  if (!first || long.length < paths.length || /^\d+$/.test(first[1]!)) return 0;
  let shared = 0;
  while (shared < first.length - 1 && long.every((path) => path.length > shared + 1 && path[shared] === first[shared]))
    shared++;
  return shared;
}

function mostCommon(paths: readonly (readonly string[])[]): string | undefined {
  const counts = new Map<string, number>();
  for (const [first] of paths) if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  return [...counts].find(([, count]) => count >= WRAPS * paths.length)?.[0];
}

const NUMBER = /^\d+$/;
const LISTS = /^(blocks?|layers?|units?)$/;

function placeIn(holders: readonly string[], wrapper: string | undefined): Pick<Named, 'stage' | 'block'> {
  const [first, second, third] = holders;
  if (first === undefined) return { stage: '', block: '' };
  if (first !== wrapper || second === undefined) return blockIn(first, holders.slice(1));
  if (!NUMBER.test(second)) return blockIn(second, holders.slice(2));
  const staged = third !== undefined && (NUMBER.test(third) || LISTS.test(third));
  return staged ? blockIn(`${first}.${second}`, holders.slice(2)) : { stage: first, block: `${first}.${second}` };
}

/** The unit below a stage: its number, or a named list with a number. */
function blockIn(stage: string, [first, second]: readonly string[]): Pick<Named, 'stage' | 'block'> {
  if (first === undefined) return { stage, block: '' };
  const unit = !NUMBER.test(first) && second !== undefined && NUMBER.test(second) ? `${first}.${second}` : first;
  return { stage, block: `${stage}.${unit}` };
}

/** Keras says it in the layer's name: conv2_block1_1_conv, block2a_expand_conv, block1_conv1. */
const KERAS = /^(?:(?<list>[a-z]+\d+)_)?(?<block>block_?(?<number>\d+)(?<letter>[a-z]?))_/;

function kerasPlace(modules: readonly string[]): Pick<Named, 'stage' | 'block'> | undefined {
  const found = KERAS.exec(modules[0] ?? '')?.groups;
  if (!found) return undefined;
  const { list, block = '', letter = '' } = found;
  if (list !== undefined) return { stage: list, block: `${list}_${block}` };
  return letter === '' ? { stage: block, block: '' } : { stage: block.slice(0, -1), block };
}
