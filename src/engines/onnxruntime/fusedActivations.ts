// Finds the nodes of a file that ONNX Runtime fuses into one activation.

import type { FileTensors } from './fileTensors.js';

/** The number of nodes of each op in a form of the activation: the fewest and the most. */
type Form = Readonly<Record<string, readonly [number, number]>>;

const ERF: readonly Form[] = [
  { Div: [1, 1], Erf: [1, 1], Add: [1, 1], Mul: [2, 2] },
  { Erf: [1, 1], Add: [1, 1], Mul: [3, 3] },
];
/** GELU's tanh form, whose cube is a power or a product. */
const TANH: readonly Form[] = [
  { Tanh: [1, 1], Pow: [1, 1], Add: [2, 2], Mul: [3, 4] },
  { Tanh: [1, 1], Add: [2, 2], Mul: [5, 6] },
];
const WHOLE: Form = { Gelu: [1, 1] };
/** The same behind the addition of a bias. */
const biased = (form: Form): Form => ({ ...form, Add: [1 + (form['Add']?.[0] ?? 0), 1 + (form['Add']?.[1] ?? 0)] });

/** Forms by the op of the kernel. The kernel reads one tensor, and maybe a constant bias. */
const FORMS: ReadonlyMap<string, readonly Form[]> = new Map<string, readonly Form[]>([
  ['QuickGelu', [{ Sigmoid: [1, 1], Mul: [1, 2] }]],
  ['Gelu', ERF],
  ['BiasGelu', [...ERF, WHOLE].map(biased)],
  ['FastGelu', [...TANH, WHOLE, ...[...TANH, WHOLE].map(biased)]],
  [
    'HardSwish',
    [
      { HardSigmoid: [1, 1], Mul: [1, 1] },
      { Add: [1, 1], Clip: [1, 1], Div: [1, 1], Mul: [1, 1] },
      { Add: [1, 1], Clip: [1, 1], Mul: [2, 2] },
    ],
  ],
]);
/** The last node of all forms. */
const ENDS: ReadonlySet<string> = new Set(['Mul', 'Div', 'Gelu']);

/**
 * @param sources tensors of the file that the kernel reads; undefined where one is not known
 * @returns the tensor at which the least matching chain of nodes ends
 */
export function chainEnd(
  file: FileTensors,
  op: string,
  [source, ...others]: readonly (string | undefined)[],
): string | undefined {
  const forms = FORMS.get(op);
  const alone = others.every((name) => name !== undefined && file.isConstant(name));
  if (forms === undefined || source === undefined || !alone) return undefined;
  const matching = candidates(file, source, forms).flatMap((end) => {
    const set = file.between(new Set([source]), [end]);
    const computed = set?.filter((node) => !file.isConstantNode(node)) ?? [];
    return isWhole(file, computed, end) && forms.some((form) => matches(file, computed, form))
      ? [{ end, size: computed.length }]
      : [];
  });
  return matching.sort((a, b) => a.size - b.size)[0]?.end;
}

/** Tensors that follow from the source within the length of the longest form. */
function candidates(file: FileTensors, source: string, forms: readonly Form[]): readonly string[] {
  const ops = new Set(forms.flatMap((form) => Object.keys(form)));
  const longest = Math.max(...forms.map((form) => Object.values(form).reduce((sum, [, most]) => sum + most, 0)));
  const reached = new Set<number>();
  let front: readonly string[] = [source];
  for (let step = 0; step < longest; step++) {
    const nodes = front.flatMap((name) => file.readers(name)).filter((i) => ops.has(file.nodes[i]!.op));
    const fresh = [...new Set(nodes)].filter((i) => !reached.has(i));
    for (const i of fresh) reached.add(i);
    front = fresh.flatMap((i) => file.nodes[i]!.outputs);
  }
  return [...reached].flatMap((i) => (ENDS.has(file.nodes[i]!.op) ? file.nodes[i]!.outputs.slice(0, 1) : []));
}

/** Whether no node outside reads an inner tensor. Otherwise the runtime could not have fused it. */
function isWhole(file: FileTensors, set: readonly number[], end: string): boolean {
  const inside = new Set(set);
  const hidden = set.flatMap((node) => file.nodes[node]!.outputs).filter((name) => name !== end);
  return hidden.every((name) => file.readers(name).every((reader) => inside.has(reader)));
}

function matches(file: FileTensors, set: readonly number[], form: Form): boolean {
  const counts = new Map(Object.keys(form).map((op) => [op, 0]));
  for (const node of set) {
    const { op } = file.nodes[node]!;
    const count = counts.get(op);
    if (count === undefined) return false;
    counts.set(op, count + 1);
  }
  return Object.entries(form).every(([op, [least, most]]) => counts.get(op)! >= least && counts.get(op)! <= most);
}
