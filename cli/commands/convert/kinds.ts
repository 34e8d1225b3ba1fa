// The formats that a model is converted to: the file endings and the flags of each.

import { InputError } from '../../../src/inputError.js';

interface KindRow {
  readonly endings: readonly string[];
  readonly flags: readonly string[];
  /** It is bytes, which no terminal shows. */
  readonly binary: boolean;
}

const KINDS = {
  onnx: { endings: ['onnx'], flags: ['dynamicBatch', 'seed', 'external', 'weights'], binary: true },
  dot: { endings: ['dot', 'gv'], flags: ['by', 'allowUnknown'], binary: false },
  mermaid: { endings: ['mmd', 'mermaid'], flags: ['by', 'allowUnknown'], binary: false },
  graph: { endings: ['json'], flags: ['allowUnknown'], binary: false },
} as const satisfies Readonly<Record<string, KindRow>>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** As the flag is written, where it is not the key. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...{ dynamicBatch: 'dynamic-batch', weights: 'no-weights', allowUnknown: 'allow-unknown' },
};

interface Given {
  readonly to?: KindName;
  readonly output?: string;
}

/** @throws InputError where nothing says the kind, or a flag does not belong to it */
export function kindOf(given: Given): KindName {
  const { to, output } = given;
  const ending = /\.([^./\\]+)$/.exec(output ?? '')?.[1]?.toLowerCase() ?? '';
  const kind = to ?? KIND_NAMES.find((name) => (KINDS[name].endings as readonly string[]).includes(ending));
  if (kind === undefined)
    throw new InputError(
      output === undefined
        ? `the kind of file is not known: give -o FILE, or --to ${KIND_NAMES.join(', ')}`
        : `${output}: the ending says no kind; use ${endings()}, or say --to ${KIND_NAMES.join(', ')}`,
    );
  const { flags, binary }: KindRow = KINDS[kind];
  if (binary && output === undefined)
    throw new InputError(`--to ${kind} writes bytes, which are not printed: give -o FILE`);
  for (const row of Object.values<KindRow>(KINDS))
    for (const flag of row.flags)
      if (!flags.includes(flag) && isGiven(given, flag))
        throw new InputError(
          `--${WRITTEN[flag] ?? flag} has no effect on ${kind}: leave it out, or choose ${kindsWith(flag).join(' or ')}`,
        );
  return kind;
}

/** `--no-weights` is there when its value is false, and `--allow-unknown` when it is true. */
const isGiven = (given: object, flag: string): boolean => {
  const value = (given as Readonly<Record<string, unknown>>)[flag];
  return value !== undefined && value !== (flag === 'weights');
};

const endings = (): string =>
  Object.values<KindRow>(KINDS)
    .flatMap((row) => row.endings.map((ending) => `.${ending}`))
    .join(', ');

const kindsWith = (flag: string): readonly KindName[] =>
  KIND_NAMES.filter((name) => (KINDS[name].flags as readonly string[]).includes(flag));
