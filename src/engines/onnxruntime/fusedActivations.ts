// Finds the nodes of a file that ONNX Runtime fuses into one activation.

import type { FileTensors } from './fileTensors.js';

/** How many nodes of each op a form of the activation has, from the fewest to the most. */
type Form = Readonly<Record<string, readonly [number, number]>>;

/** By the op of the kernel, which has one data input. All of these forms end with a product. */
const FORMS: ReadonlyMap<string, readonly Form[]> = new Map<string, readonly Form[]>([
  ['QuickGelu', [{ Sigmoid: [1, 1], Mul: [1, 2] }]],
  [
    'Gelu',
    [
      { Div: [1, 1], Erf: [1, 1], Add: [1, 1], Mul: [2, 2] },
      { Erf: [1, 1], Add: [1, 1], Mul: [3, 3] },
    ],
  ],
]);
const END = 'Mul';

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
  if (forms === undefined || source === undefined || others.length > 0) return undefined;
  const matching = candidates(file, source, forms).flatMap((end) => {
    const set = file.between(new Set([source]), [end]);
    const computed = set?.filter((node) => !file.nodes[node]!.outputs.every((name) => file.isConstant(name))) ?? [];
    return isWhole(file, computed, end) && forms.some((form) => matches(file, computed, form))
      ? [{ end, size: computed.length }]
      : [];
  });
  return matching.sort((a, b) => a.size - b.size)[0]?.end;
}

/** Tensors that products make from the source, at most as far as the longest form reaches. */
function candidates(file: FileTensors, source: string, forms: readonly Form[]): readonly string[] {
  const ops = new Set(forms.flatMap((form) => Object.keys(form)));
  const longest = Math.max(
    ...forms.map((form) => Object.values(form).reduce((sum, [, most]) => sum + most, 0)), // prettier-ignore
  );
  const reached = new Set<number>();
  let front: readonly string[] = [source];
  for (let step = 0; step < longest; step++) {
    const nodes = front.flatMap((name) => file.readers(name)).filter((i) => ops.has(file.nodes[i]!.op));
    const fresh = [...new Set(nodes)].filter((i) => !reached.has(i));
    for (const i of fresh) reached.add(i);
    front = fresh.flatMap((i) => file.nodes[i]!.outputs);
  }
  return [...reached].flatMap((i) => (file.nodes[i]!.op === END ? file.nodes[i]!.outputs.slice(0, 1) : []));
}

/** Nothing outside reads what is inside: otherwise the runtime could not have fused it. */
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
