// Changes of a config that answer a finding. Each is built and counted before it is offered.

import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { Finding } from '../../../src/diagnosis/finding.js';
import { osaLayers } from '../../../src/diagnosis/osaDesign.js';
import { writeConfig } from '../../../src/exporters/config/writeConfig.js';
import { openConfig, type OpenedConfig } from '../../../src/importers/config/readConfig.js';
import { InputError } from '../../../src/inputError.js';
import { profile, type Totals } from '../../../src/profile.js';
import { configOf } from './config.js';
import type { Subject } from './count.js';
import type { Wanted } from './protocol.js';

export interface Fix {
  /** On the button. */
  readonly words: string;
  /** The whole config with the change. */
  readonly text: string;
  /** After over before. */
  readonly ratios: Readonly<Record<'multAdds' | 'params' | 'memoryAccess', number>>;
}

interface Change {
  readonly words: string;
  readonly text: string;
}

/** A plain value of the config, and what stands in its place. */
interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Tensor cores and registers take so many values at a time; narrower widths are no choice. */
const STEP = 8;
/** Fields whose value follows from the task. */
const OF_THE_TASK: ReadonlySet<string> = new Set(['classes', 'features']);

export async function fixesOf(subject: Subject, wanted: Wanted, finding: Finding): Promise<readonly Fix[]> {
  const changes = CHANGES[finding.audit]?.(subject, textOf(wanted), finding) ?? [];
  const fixes: Fix[] = [];
  for (const change of changes) {
    const fix = counted(subject, change, finding);
    if (fix) fixes.push(fix);
  }
  return Promise.resolve(fixes);
}

/** The config of a network; undefined for files of other programs. */
function textOf({ source }: Wanted): string | undefined {
  if (source.kind === 'yaml') return source.text;
  return source.kind === 'model' && !source.name.includes('@') ? configOf(source.name) : undefined;
}

const CHANGES: Readonly<
  Record<string, (subject: Subject, text: string | undefined, finding: Finding) => readonly Change[]>
> = {
  'dense-aggregation': (subject) => aggregatedOnce(subject),
  'misaligned-channels': (_, text) => withValues(text, `Widths to multiples of ${STEP}`, aligned),
  'squeeze-excitations': (_, text) => [
    ...withValues(text, 'Effective SE in place of SE', (key, value) =>
      key === 'attention' && value === 'se' ? 'ese' : undefined,
    ),
    ...withValues(text, 'Attention in the last of each stage', (key, value) =>
      key === 'attention' && value === 'all' ? 'last' : undefined,
    ),
    ...withValues(text, 'No attention', (key, value) => (key === 'attention' && value !== 'none' ? 'none' : undefined)),
  ],
  'costly-bottlenecks': (_, text) =>
    withValues(text, 'No bottlenecks', (key, value) => (key === 'bottleneck' && value === true ? 'false' : undefined)),
  'heavy-classifier': (_, text) => averagedFirst(text),
};

function aligned(key: string, value: unknown, kind: string | undefined): string | undefined {
  if (kind !== 'size' || OF_THE_TASK.has(key) || typeof value !== 'number') return undefined;
  if (value < STEP || value % STEP === 0) return undefined;
  return String(STEP * Math.ceil(value / STEP));
}

/** Replaces plain values by what a rule says of them; comments and the rest of the text stay. */
function withValues(
  text: string | undefined,
  words: string,
  rule: (key: string, value: unknown, kind: string | undefined) => string | undefined,
): readonly Change[] {
  const opened = text === undefined ? undefined : openedOrNot(text);
  if (text === undefined || !opened?.scalars) return [];
  const replacements = opened.scalars().flatMap(({ path, value, from, to }): readonly Replacement[] => {
    const names = path.filter((step) => typeof step === 'string');
    const put = rule(names.at(-1) ?? '', value, opened.model.fieldAt(path.map(String))?.kind);
    return put === undefined ? [] : [{ from, to, text: put }];
  });
  if (replacements.length === 0) return [];
  const changed = replacements
    .toSorted((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: put }) => all.slice(0, from) + put + all.slice(to), text);
  return [{ words, text: changed }];
}

/** A global average before what flattens: the classifier then reads a number for each channel. */
function averagedFirst(text: string | undefined): readonly Change[] {
  const line = text === undefined ? null : /^(\s*)- (?:\{ flatten: \{\}.*\}|flatten)\s*$/m.exec(text);
  if (text === undefined || !line) return [];
  const put = `${line[1]!}- { globalAvgPool: {} }\n`;
  return [{ words: 'Average each channel first', text: text.slice(0, line.index) + put + text.slice(line.index) }];
}

function aggregatedOnce({ graph, profile: counts, model }: Subject): readonly Change[] {
  const design = osaLayers({ graph, profile: counts });
  if (!design) return [];
  const name = `${model.name}-osa`.replaceAll(/[^\w.-]+/g, '-');
  const comment = [`${model.name}, redesigned: ${design.about}, with about the same multiply-adds.`];
  return [{ words: 'Aggregate once', text: writeConfig({ name, input: design.input, items: design.items, comment }) }];
}

const openedOrNot = (text: string): OpenedConfig | undefined => {
  try {
    return openConfig(text, 'config.yaml');
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
};

/** Undefined where the network cannot be built, or the finding is as large as before. */
function counted({ graph, profile: before }: Subject, { words, text }: Change, finding: Finding): Fix | undefined {
  try {
    const { model } = openConfig(text, 'config.yaml');
    const after = model.build(graph.inputs[0]!.shape);
    const again = diagnose(after).findings.find(({ audit }) => audit === finding.audit);
    if (again && again.share >= finding.share) return undefined;
    return { words, text, ratios: ratiosOf(before.totals, profile(after).totals) };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const ratiosOf = (before: Totals, after: Totals): Fix['ratios'] => ({
  multAdds: after.multAdds / before.multAdds,
  params: after.params / before.params,
  memoryAccess: after.memoryAccess.unfused / before.memoryAccess.unfused,
});
