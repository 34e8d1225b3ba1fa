// How an exported program is spoilt for the fuzz test: values of its JSON change, or bytes of its archive do. All is seeded.

import { randomOf } from '../onnx/mutate.js';
import { archiveOf } from './programOf.js';

type Random = ReturnType<typeof randomOf>;
type Tree = Record<string, unknown>;

const TARGETS = [
  ...['aten.view.default', 'aten.permute.default', 'aten.cat.default', 'aten.conv2d.default', 'aten.addmm.default'],
  ...['aten.matmul.default', 'aten.index.Tensor', 'aten.unbind.int', 'aten.chunk.default', 'aten.slice.Tensor'],
  ...['aten.lstm.input', 'aten.einsum.default', 'aten.constant_pad_nd.default', 'aten.repeat.default', '_operator.pow'],
  ...['aten.sym_size.int', 'aten.arange.default', 'aten.unfold.default', 'higher_order.wrap_with_autocast', 'mine.op'],
].map((target) => `torch.ops.${target}`);
const NUMBERS = [-1, 0, 1, 2, 3, 7, 64, 1000, 0.5, -0.5, 2 ** 31, 2 ** 40, 2 ** 53, 2 ** 63, -(2 ** 31), 1e300];
const TEXTS = [
  '',
  's0',
  's0//0',
  '2**64',
  'Max(s0, s1)',
  '((((',
  'x',
  '@1',
  'as_tensor',
  '...',
  '\u0000',
  'a'.repeat(300),
];
const VALUES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  { as_int: 1 },
  { as_none: true },
  { as_tensor: { name: 'x' } },
];

/** @param programs JSON of exported programs */
export function mutant(programs: readonly string[], seed: number): Uint8Array {
  const random = randomOf(seed);
  const text = programs[random(programs.length)]!;
  if (random(4) > 0) {
    const program = JSON.parse(text) as Tree;
    for (let left = 1 + random(3); left > 0; left--) change(program, random);
    return archiveOf(program, random(2) === 0);
  }
  const bytes = archiveOf(JSON.parse(text) as object, random(2) === 0);
  for (let left = 1 + random(4); left > 0; left--) {
    // Half of the changes hit the records at the end, where lies cost most.
    const at = random(2) === 0 ? random(bytes.length) : Math.max(0, bytes.length - 1 - random(400));
    bytes[at] = random(3) === 0 ? 255 : random(256);
  }
  return random(10) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}

/** One leaf takes another value, or an item of a list goes, comes twice or changes its place. */
function change(program: Tree, random: Random): void {
  let part: Tree | unknown[] = program;
  for (;;) {
    const keys = Object.keys(part);
    const key = keys[random(keys.length)];
    if (key === undefined) return;
    const holder = part;
    const value = holder[key];
    if (random(40) === 0) {
      if (random(2) === 0) Reflect.deleteProperty(holder, key);
      else holder[key] = VALUES[random(VALUES.length)];
      return;
    }
    if (Array.isArray(value) && value.length > 0 && random(10) === 0) {
      move(value as unknown[], random);
      return;
    }
    if (typeof value !== 'object' || value === null) {
      holder[key] = another(key, value, program, random);
      return;
    }
    part = value as Tree;
  }
}

function move(list: unknown[], random: Random): void {
  const [from, to] = [random(list.length), random(list.length)];
  const [item] = random(2) === 0 ? list.splice(from, 1) : [list[from]];
  if (random(3) > 0) list.splice(to, 0, item);
}

function another(key: string, value: unknown, program: Tree, random: Random): unknown {
  if (key === 'target') return TARGETS[random(TARGETS.length)];
  if (typeof value === 'number') return random(2) === 0 ? value + random(3) - 1 : NUMBERS[random(NUMBERS.length)];
  if (typeof value === 'boolean') return !value;
  return random(2) === 0 ? TEXTS[random(TEXTS.length)] : nameIn(program, random);
}

/** The name of another tensor. */
function nameIn(program: Tree, random: Random): unknown {
  const module = program['graph_module'] as { graph?: { tensor_values?: object } } | undefined;
  const names = Object.keys(module?.graph?.tensor_values ?? {});
  return names[random(names.length)] ?? 'x';
}
