// Writes docs/json.md: every JSON record, from a sample of it and the comments in the code that declares it.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { capture } from '../cli/capture.js';
import { cell, table } from './markdown.js';

interface JsonRecord {
  readonly schema: string;
  readonly what: string;
  /** The command that writes it. */
  readonly writes: string;
  readonly reads?: string;
  /** The file and the name of its declaration: an interface, or an object of zod. */
  readonly declared?: readonly [file: string, name: string];
  /** A command of flopscope, or a file, that gives one; a path leads to it inside of another record. */
  readonly sample?: ({ readonly command: string } | { readonly file: string }) & { readonly at?: readonly string[] };
}

const RUN_FILE = 'fixtures/runs/amd-epyc-onnxruntime.json';

export const RECORDS: readonly JsonRecord[] = [
  {
    schema: 'flopscope.profile/2',
    what: 'the counts of a network, layer by layer',
    writes: '`flopscope profile MODEL --json`',
    declared: ['src/profile.ts', 'Profile'],
    sample: { command: 'profile resnet20 --by stage --json' },
  },
  {
    schema: 'flopscope.diagnosis/2',
    what: 'where the cost sits, what limits it, and findings',
    writes: '`flopscope MODEL --json`',
    declared: ['src/diagnosis/diagnose.ts', 'Diagnosis'],
    sample: { command: 'densenet121 --json' },
  },
  {
    schema: 'flopscope.formula/1',
    what: 'closed forms: each is a text',
    writes: '`flopscope formula MODEL --json`',
    declared: ['src/formula/formula.ts', 'Formula'],
    sample: { command: 'formula resnet20 --at n=1 --json' },
  },
  {
    schema: 'flopscope.compare/1',
    what: 'networks side by side, with ratios to the first',
    writes: '`flopscope compare A B --json`',
    declared: ['src/compare.ts', 'Comparison'],
    sample: { command: 'compare resnet20 resnet56 --json' },
  },
  {
    schema: 'flopscope.diff/2',
    what: 'two versions of a network, layer by layer',
    writes: '`flopscope diff A B --json`',
    declared: ['src/diff/diff.ts', 'Diff'],
    sample: { command: 'diff fixtures/diff/before.yaml fixtures/diff/after.yaml --json' },
  },
  {
    schema: 'flopscope.training/1',
    what: 'the cost of a training step',
    writes: '`flopscope profile MODEL --training --json`, in `training`',
    declared: ['src/training/training.ts', 'Training'],
    sample: { command: 'profile resnet20 --training --json', at: ['training'] },
  },
  {
    schema: 'flopscope.reconcile/1',
    what: 'what other counters print for a network',
    writes: '`flopscope reconcile MODEL --json`',
    declared: ['src/counters/reconcile.ts', 'Reconciliation'],
    sample: { command: 'reconcile resnet20 --json' },
  },
  {
    schema: 'flopscope.list/1',
    what: 'built-in networks with their counts',
    writes: '`flopscope list --json`',
    sample: { command: 'list resnet20 --json' },
  },
  {
    schema: 'flopscope.formats/1',
    what: 'the kinds of file that are read',
    writes: '`flopscope list --formats --json`',
    sample: { command: 'list --formats --json' },
  },
  {
    schema: 'flopscope.run/1',
    what: 'a measured run: device, protocol, every window, layers, warnings',
    writes: '`flopscope measure MODEL -o run.json`; the studio',
    reads: '`--runs` of compare, report, explain and `flopscope MODEL`; `run:` of a budgets file; the studio',
    declared: ['src/measure/run.ts', 'RUN'],
    sample: { file: RUN_FILE, at: ['runs', '0'] },
  },
  {
    schema: 'flopscope.runs/1',
    what: 'several runs',
    writes: '`flopscope measure A B -o runs.json`',
    reads: 'as one run',
    declared: ['src/measure/run.ts', 'RunFile'],
    sample: { file: RUN_FILE },
  },
  {
    schema: 'flopscope.device/1',
    what: 'a device record: what it takes to predict times',
    writes: '`flopscope device calibrate -o`, `flopscope device guess -o`',
    reads: '`--device`, `flopscope device list FILE`; the studio',
    declared: ['src/devices/device.ts', 'Device'],
  },
  {
    schema: 'flopscope.devices/1',
    what: 'device records',
    writes: '`flopscope device list --json`',
    sample: { command: 'device list --json' },
  },
  {
    schema: 'flopscope.prediction/1',
    what: 'predicted times with their intervals',
    writes: '`flopscope predict MODEL --device NAME --json`',
    declared: ['src/predictions.ts', 'Predictions'],
    sample: { command: 'predict resnet20 --device rtx-3090 --json' },
  },
  {
    schema: 'flopscope.explain/2',
    what: 'which cost explains measured times, and the device that fits them',
    writes: '`flopscope explain --json`',
    reads: '`flopscope redesign --explained FILE`',
    declared: ['src/explain/explanation.ts', 'Explanation'],
    sample: { command: 'explain --times fixtures/times/timm-rtx3090-amp.csv --json' },
  },
  {
    schema: 'flopscope.redesign/1',
    what: 'designs of the same budget with less memory access',
    writes: '`flopscope redesign MODEL --json`',
    declared: ['src/redesign/result.ts', 'Redesign'],
    sample: { command: 'redesign densenet_bc100_k12 --candidates 200 --threads 1 --json' },
  },
  {
    schema: 'flopscope.check/1',
    what: 'the verdict on every limit and forbidden finding',
    writes: '`flopscope check --json`',
    declared: ['src/budgets/check.ts', 'CheckResult'],
    sample: { command: 'check fixtures/budgets/flopscope.budgets.yaml --json' },
  },
  {
    schema: 'flopscope.baseline/2',
    what: 'what networks cost when the baseline was written; baseline/1 is read too',
    writes: '`flopscope check --update-baseline`',
    reads: '`flopscope check`',
    declared: ['src/records/budgets/baselineJson.ts', 'rule'],
    sample: { file: 'fixtures/budgets/flopscope.baseline.json' },
  },
  {
    schema: 'flopscope.graph/2',
    what: 'a network as plain data; graph/1 is read too',
    writes: '`flopscope convert MODEL -o net.json`',
    reads: 'every command that takes a model',
    declared: ['src/importers/graphJson/readGraph.ts', 'graphRule'],
    sample: { command: 'convert resnet20 --to graph' },
  },
  {
    schema: 'flopscope.guidelines/1',
    what: 'the experiments of study guidelines with their verdicts',
    writes: '`flopscope study guidelines -o NAME.json`',
    reads: '`flopscope study guidelines --from`',
    declared: ['src/lab/outcome.ts', 'LabResult'],
    sample: { file: 'fixtures/runs/guidelines-amd-epyc-onnxruntime.json' },
  },
  {
    schema: 'flopscope.study.osa/1',
    what: 'one-shot against dense aggregation',
    writes: '`flopscope study osa -o NAME.json`',
    reads: '`flopscope study osa --from`',
    declared: ['src/lab/osaStudy.ts', 'OsaStudy'],
    sample: { command: 'study osa --no-measure --json' },
  },
  {
    schema: 'flopscope.study.vovnet-tables/1',
    what: "VoVNet's tables, counted again",
    writes: '`flopscope study vovnet-tables -o NAME.json`',
    reads: '`flopscope study vovnet-tables --from`',
    declared: ['src/studies/voVNetTables.ts', 'VoVNetTables'],
    sample: { command: 'study vovnet-tables --only 4 --json' },
  },
  {
    schema: 'flopscope.study.memory/1',
    what: 'bytes kept for backward against depth',
    writes: '`flopscope study memory --json`',
    declared: ['src/lab/memoryStudy.ts', 'MemoryStudy'],
    sample: { command: 'study memory --json' },
  },
  {
    schema: 'flopscope.doctor/1',
    what: 'which engines, charts and GPUs work on this machine',
    writes: '`flopscope doctor --json`',
    declared: ['src/doctor.ts', 'DoctorReport'],
  },
  {
    schema: 'flopscope.report/1',
    what: 'what a report page shows; it stands inside the page',
    writes: '"Download data (JSON)" of the page; `reportOf()` of the library',
    declared: ['reports/report/reportData.ts', 'ReportData'],
  },
];

const INTRO = `Every command prints one object with \`--format json\` (or \`--json\`): complete numbers, nothing rounded. \`schema\` names the kind
and its version. The number after the slash changes when a field is removed or changes its meaning; new fields may come at any time, so a
program should ignore what it does not know. What is not known is \`null\`, never 0.

Counts have the same names everywhere: \`params\`, \`multAdds\`, \`flops\`, \`activations\`, \`ops\`, \`memoryAccess: { conv, linear, unfused, fused }\`
in totals, and \`memoryAccessUnfused\` and so on in layers and CSV. [definitions.md](definitions.md) says what each is, and
[ARCHITECTURE.md](../ARCHITECTURE.md#words) has every name. \`n\`, \`c\`, \`h\` and \`w\` are batch, channels, height and width. Sizes are in
elements unless the name ends in \`Bytes\`, times in the unit of their name.

\`flopscope schema\` and \`flopscope schema budgets\` print the JSON Schema of what you write yourself: configs and budgets files.

\`flopscope sweep -o rows.jsonl\` writes one row per line, without a \`schema\`: \`point\`, \`model\`, the varied fields in \`values\`, \`n c h w\`, every
count by its name in CSV, \`balance\`, \`milliseconds\`, \`imagesPerSecond\`, \`joulesPerImage\`, \`device\`, and in \`refused\` why there is no
network or no time.`;

export async function jsonRecords(): Promise<string> {
  const sections: string[] = [];
  for (const record of RECORDS) sections.push(...(await section(record)));
  return [
    '# JSON records',
    '<!-- Made from samples and from the code by `npm run docs`: change it there. -->',
    INTRO,
    table(
      ['schema', 'what it is', 'written by', 'read by'],
      RECORDS.map(({ schema, what, writes, reads = '-' }) => [
        `[${schema}](#${anchor(schema)})`,
        cell(what),
        writes,
        reads,
      ]),
    ),
    ...sections,
  ].join('\n\n');
}

/** As GitHub names a heading. */
const anchor = (heading: string): string => heading.replaceAll(/[^\w-]/g, '');

async function section(record: JsonRecord): Promise<readonly string[]> {
  const sample = await sampleOf(record);
  const declared = record.declared === undefined ? new Map<string, Declared>() : declaredFields(...record.declared);
  const names = [...new Set([...Object.keys(sample), ...declared.keys()])].filter((name) => name !== 'schema');
  const lines = names.map((name) => {
    const { type = '', comment = '' } = declared.get(name) ?? {};
    const optional = !(name in sample) && record.sample !== undefined;
    const parts = [name in sample ? kindOf(sample[name]) : plainType(type), ...(optional ? ['optional'] : [])];
    const says = comment === '' ? '' : `. ${comment}`;
    return `- \`${name}\`: ${parts.filter((part) => part !== '').join(', ')}${says}`;
  });
  return [`## ${record.schema}`, lines.join('\n')];
}

/** @throws Error where the sample is of another kind than the record says */
async function sampleOf({ schema, sample }: JsonRecord): Promise<Readonly<Record<string, unknown>>> {
  if (sample === undefined) return {};
  const text = 'file' in sample ? readFileSync(sample.file, 'utf8') : await printed(sample.command);
  const found = (sample.at ?? []).reduce<unknown>(
    (data, key) => (data as Record<string, unknown>)[key],
    JSON.parse(text),
  ) as Record<string, unknown>;
  if (found['schema'] !== schema) throw new Error(`the sample of ${schema} is of ${String(found['schema'])}`);
  return found;
}

async function printed(command: string): Promise<string> {
  const { out, err } = await capture(command.split(' '));
  if (out === '') throw new Error(`flopscope ${command}: ${err}`);
  return out;
}

const MOST_KEYS = 30;

/** A value in words: "list of { name, op, ... }". */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const objects = items.filter(
      (item): item is object => typeof item === 'object' && item !== null && !Array.isArray(item),
    );
    if (objects.length > 0) return `list of ${keysOf(objects)}`;
    return items.length === 0 ? 'list' : `list of ${kindOf(items[0])}s`;
  }
  if (value === null) return 'or null';
  if (typeof value === 'object') return keysOf([value]);
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true or false' : 'number';
}

function keysOf(objects: readonly object[]): string {
  const keys = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const plain = keys.filter((key) => /^\w+$/.test(key));
  if (plain.length < keys.length || keys.length === 0) return 'values by name';
  return `\`{ ${plain.slice(0, MOST_KEYS).join(', ')}${plain.length > MOST_KEYS ? ', ...' : ''} }\``;
}

interface Declared {
  readonly comment: string;
  readonly type: string;
}

/** The fields of an interface or of an object of zod, with their comments. */
function declaredFields(file: string, name: string): ReadonlyMap<string, Declared> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const fields = new Map<string, Declared>();
  const add = (member: ts.Node, key: ts.PropertyName | undefined, type: string): void => {
    const comment = ts.getJSDocCommentsAndTags(member).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '');
    if (key) fields.set(key.getText(source), { comment: comment.join(' ').replaceAll(/\s+/g, ' '), type });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === name)
      for (const member of node.members)
        if (ts.isPropertySignature(member)) add(member, member.name, member.type?.getText(source) ?? '');
    if (ts.isVariableDeclaration(node) && node.name.getText(source) === name && node.initializer) {
      const object = firstObject(node.initializer);
      for (const member of object?.properties ?? []) if (ts.isPropertyAssignment(member)) add(member, member.name, '');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (fields.size === 0) throw new Error(`${file} declares no ${name}`);
  return fields;
}

function firstObject(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node)) return node;
  return ts.forEachChild(node, firstObject);
}

const PLAIN: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', number: 'number' };

/** A type of the code in the words of kindOf. */
function plainType(type: string): string {
  if (type === '') return '';
  const [, item] = /^readonly (.*)\[\]$/.exec(type) ?? [];
  if (item !== undefined) return item in PLAIN ? `list of ${PLAIN[item]!}s` : 'list';
  const parts = type.split('|').map((part) => part.trim());
  if (parts.every((part) => part in PLAIN || /^('.*'|null|undefined|\d+)$/.test(part)))
    return parts
      .filter((part) => part !== 'undefined')
      .map((part) => PLAIN[part] ?? part)
      .join(' or ');
  return parts.includes('null') ? 'object or null' : 'object';
}
