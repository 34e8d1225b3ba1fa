// Do imports run one way? The import lines of src, cli and reports are read and held to the house rules.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Rooms from the ground up: a file imports from its own room and from rooms that are listed beside it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/inputError': [],
  'src/nearest': [],
  'src/half': [],
  'src/lookup': [],
  'src/plural': [],
  'src/groupName': [],
  'src/dim': ['src/inputError'],
  'src/shape': ['src/dim', 'src/inputError'],
  'src/field': ['src/dim'],
  'src/agreement': ['src/field', 'src/plural'],
  'src/fields': ['src/agreement', 'src/dim', 'src/field', 'src/inputError', 'src/lookup'],
  'src/ops': ['src/dim', 'src/inputError', 'src/shape', 'src/fields'],
  'src/graph': ['src/dim', 'src/fields', 'src/ops', 'src/shape'],
  'src/inputSize': ['src/dim', 'src/graph', 'src/shape'],
  'src/builder': ['src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/ops', 'src/shape'],
  'src/attention': ['src/dim', 'src/graph', 'src/ops'],
  'src/cost': ['src/inputError', 'src/graph', 'src/dim', 'src/fields', 'src/ops', 'src/shape'],
  'src/bound': [],
  'src/layer': [],
  'src/metrics': ['src/cost', 'src/layer'],
  'src/liveness': ['src/dim', 'src/graph', 'src/ops'],
  'src/profile': [
    ...['src/bound', 'src/cost', 'src/dim', 'src/fields', 'src/graph', 'src/inputError', 'src/shape'],
    ...['src/groupName', 'src/inputSize', 'src/layer', 'src/liveness', 'src/metrics'],
  ],
  'src/compare': ['src/inputSize', 'src/metrics', 'src/profile'],
  'src/diff': ['src/cost', 'src/metrics', 'src/profile', 'src/training'],
  'src/blocks': ['src/builder', 'src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/shape'],
  'src/families': ['src/blocks', 'src/builder', 'src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/shape'],
  'src/model': ['src/families', 'src/builder', 'src/fields', 'src/graph', 'src/profile', 'src/shape'],
  'src/detectors': [
    ...['src/blocks', 'src/builder', 'src/families', 'src/fields', 'src/graph', 'src/dim', 'src/ops', 'src/shape'],
    ...['src/model', 'src/agreement', 'src/inputError', 'src/lookup', 'src/nearest'],
  ],
  'src/studies': [
    ...['src/agreement', 'src/builtIn', 'src/detectors', 'src/families', 'src/graph', 'src/model', 'src/profile'],
    ...['src/measure/run', 'src/measure/setup', 'src/measure/label'],
  ],
  'src/builtIn': ['src/blocks', 'src/families', 'src/model', 'src/nearest', 'src/inputError'],
  'src/blockModels': ['src/blocks', 'src/builder', 'src/families', 'src/fields', 'src/model'],
  'src/fieldPath': ['src/agreement', 'src/document/problem', 'src/model', 'src/inputError'],
  'src/formula': [
    ...['src/agreement', 'src/fieldPath', 'src/field', 'src/nearest', 'src/model', 'src/cost', 'src/dim', 'src/graph'],
    ...['src/metrics', 'src/ops', 'src/inputError'],
  ],
  'src/training': [
    ...[
      'src/attention',
      'src/counters',
      'src/cost',
      'src/dim',
      'src/families/family',
      'src/fieldPath',
      'src/fields',
      'src/formula',
      'src/graph',
    ],
    ...[
      'src/inputError',
      'src/inputSize',
      'src/model',
      'src/nearest',
      'src/ops',
      'src/plural',
      'src/profile',
      'src/shape',
      'src/visible',
    ],
  ],
  'src/budgets': [
    ...['src/cost', 'src/metrics', 'src/profile', 'src/inputError', 'src/measure/run', 'src/measure/sessionTimes'],
    ...['src/measure/significance', 'src/measure/statistics', 'src/training', 'src/diagnosis', 'src/nearest'],
  ],
  'src/counters': [
    ...[
      'src/families',
      'src/model',
      'src/cost',
      'src/graph',
      'src/ops',
      'src/plural',
      'src/dim',
      'src/shape',
      'src/inputError',
    ],
    ...['src/profile', 'src/fields', 'src/inputSize'],
  ],
  'src/importers/zip': ['src/importers/modelFile', 'src/inputError'],
  'src/document': ['src/agreement', 'src/families/family', 'src/fields', 'src/inputError', 'src/nearest'],
  'src/files': [
    ...['src/builtIn', 'src/detectors', 'src/importers', 'src/inputError', 'src/metrics', 'src/model', 'src/profile'],
    ...['src/budgets', 'src/records', 'src/measure/run', 'src/training', 'src/explain/samples', 'src/families/family'],
    ...['src/compare', 'src/diagnosis', 'src/graph', 'src/nearest', 'src/plural', 'src/visible'],
  ],
  'src/predictions': ['src/devices', 'src/explain/samples', 'src/families/family', 'src/model', 'src/profile'],
  'src/importers': [
    ...['src/importers/zip', 'src/half', 'src/lookup'],
    ...['src/document', 'src/model', 'src/families', 'src/blocks', 'src/builder', 'src/graph', 'src/ops', 'src/fields'],
    ...['src/dim', 'src/shape', 'src/inputError', 'src/nearest', 'src/plural', 'src/agreement', 'src/profile'],
    'src/inputSize',
  ],
  'src/exporters': [
    ...['src/cost', 'src/dim', 'src/fields', 'src/graph', 'src/inputError', 'src/ops', 'src/shape', 'src/weights'],
    ...[
      'src/importers/onnx/messages',
      'src/importers/protobuf',
      'src/redesign/item',
      'src/agreement',
      'src/families/family',
    ],
  ],
  'src/records': [
    ...['src/document', 'src/families', 'src/inputError', 'src/inputSize', 'src/model', 'src/plural', 'src/profile'],
    'src/visible',
    ...[
      'src/measure/raised',
      'src/measure/rates',
      'src/measure/run',
      'src/measure/setup',
      'src/measure/statistics',
      'src/measure/trust',
    ],
    ...['src/measure/recordedGraph', 'src/measure/warnings', 'src/measure/asRun'],
    ...['src/builtIn', 'src/engines/onnxruntime/providers', 'src/graph', 'src/version'],
    ...[
      'src/devices',
      'src/budgets',
      'src/metrics',
      'src/sweep',
      'src/training',
      'src/lab/outcome',
      'src/lab/osaStudy',
    ],
    'src/studies/voVNetTables',
  ],
  'src/weights': ['src/graph', 'src/cost', 'src/ops', 'src/shape', 'src/inputError'],
  'src/engines': [
    ...['src/exporters/onnx', 'src/importers/onnx/messages', 'src/importers/protobuf/readMessage'],
    ...['src/builder', 'src/graph', 'src/cost', 'src/weights', 'src/ops', 'src/fields', 'src/dim', 'src/shape'],
    ...['src/half', 'src/inputError', 'src/inputSize', 'src/nvidia'],
  ],
  'src/nvidia': [],
  'src/measure': [
    'src/numberText',
    ...[
      'src/builder',
      'src/exporters/json',
      'src/engines/engine',
      'src/engines/choice',
      'src/engines/connected',
      'src/inputError',
      'src/nvidia',
      'src/graph',
      'src/plural',
    ],
    ...[
      'src/metrics',
      'src/profile',
      'src/visible',
      'src/cost',
      'src/dim',
      'src/ops',
      'src/families/family',
      'src/model',
      'src/version',
      'src/weights/random',
    ],
  ],
  'src/devices': [
    'src/numberText',
    ...[
      'src/attention',
      'src/cost',
      'src/dim',
      'src/graph',
      'src/inputError',
      'src/nearest',
      'src/ops',
      'src/profile',
      'src/shape',
    ],
  ],
  'src/explain': [
    'src/numberText',
    ...['src/devices', 'src/graph', 'src/inputError', 'src/metrics', 'src/profile'],
    ...[
      'src/builtIn',
      'src/families/family',
      'src/measure/label',
      'src/measure/run',
      'src/model',
      'src/weights/random',
    ],
  ],
  'src/sweep': [
    'src/graph',
    ...['src/document', 'src/families', 'src/fieldPath', 'src/inputError', 'src/metrics', 'src/model', 'src/profile'],
    ...['src/measure/label', 'src/measure/run', 'src/measure/session'],
  ],
  'src/redesign': [
    ...['src/document/parseJson', 'src/numberText'],
    ...['src/blocks', 'src/bound', 'src/builder', 'src/cost', 'src/dim', 'src/fields', 'src/graph', 'src/inputError'],
    ...['src/ops', 'src/profile', 'src/weights'],
  ],
  'src/numberText': [],
  'src/diagnosis': [
    ...['src/bound', 'src/builder', 'src/cost', 'src/counters/implementation', 'src/dim', 'src/graph'],
    ...[
      'src/groupName',
      'src/inputError',
      'src/model',
      'src/numberText',
      'src/ops',
      'src/plural',
      'src/profile',
      'src/shape',
    ],
    'src/training',
    ...[
      'src/builtIn',
      'src/devices',
      'src/families/family',
      'src/measure/run',
      'src/measure/statistics',
      'src/redesign',
    ],
  ],
  'src/doctor': ['src/engines', 'src/measure', 'src/nvidia', 'src/version'],
  'src/calibration': [...['src/builtIn', 'src/devices', 'src/inputError', 'src/measure', 'src/plural']],
  'src/lab': [
    ...[
      'src/blocks',
      'src/builder',
      'src/builtIn',
      'src/fields',
      'src/graph',
      'src/profile',
      'src/training',
      'src/counters/implementation',
      'src/dim',
    ],
    ...['src/measure/run', 'src/measure/setup', 'src/measure/label', 'src/measure/session', 'src/measure/sessionTimes'],
    'src/measure/significance',
  ],
};

/** What only some rooms may load; everything else of node_modules and Node is checked by the same list. */
const PACKAGES: readonly (readonly [pattern: RegExp, rooms: RegExp])[] = [
  [/^@tensorflow\/|^webgpu$/, /^src\/engines\//],
  [/^onnxruntime-node$/, /^src\/engines\/onnxruntime\//],
  // The studio runs dropped files; what Node and it share is typed after the one of Node.
  [/^onnxruntime-web\/webgpu$/, /^reports\/studio\/measuring\//],
  [/^fflate$/, /^(src\/importers\/zip|reports\/studio\/state)\//],
  // The editor is loaded when a config is first opened.
  [/^(@codemirror\/|@lezer\/highlight$)/, /^reports\/studio\/editor\//],
  [/^node:(crypto|http|net|child_process)$/, /^cli\/commands\/studio\//],
  // Earlier versions of files come from git.
  [/^node:child_process$/, /^src\/files\/gitFile\.ts$/],
  [/^(zod|yaml|csv-parse\/sync)$/, /^src\/(document|importers|exporters|records)\//],
  [/^zod$/, /^src\/measure\/(run|recordedGraph)\.ts$/],
  [/^protobufjs\//, /^src\/(importers|exporters)\/onnx\//],
  [
    /^node:(os|child_process|worker_threads|readline|timers\/promises|process|util)$/,
    /^(src\/(engines|measure|nvidia|redesign)|cli)\//,
  ],
  // The page's own script is named by its hash in its security policy; a sweep's model by one of its content.
  [/^node:crypto$/, /^(reports\/report\/|src\/sweep\/modelMark\.ts)/],
  [/^node:/, /^((src\/(engines|files|measure|redesign)|cli|reports\/charts)\/|reports\/report\/pageParts\.ts$)/],
  [/^(commander|picocolors|cli-progress)$/, /^cli\//],
  [/^string-width$/, /^reports\//],
  [/^(chart\.js(\/.*)?|chartjs-node-canvas|@napi-rs\/canvas)$/, /^(reports|cli)\//],
];

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative('.', join(entry.parentPath, entry.name)));

const sources = [...filesIn('src'), ...filesIn('cli'), ...filesIn('reports')];
const importsOf = (file: string): readonly string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s[^'"`;]*?\sfrom '([^'\n]+)'|\bimport\('([^'\n]+)'\)|^import '([^'\n]+)'/gm,
    ),
  ].map(([, from, dynamic, bare]) => (from ?? dynamic ?? bare)!);
const local = (file: string, name: string): string => relative('.', resolve(dirname(file), name)).replace(/\.js$/, '');

const room = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((name) => path === name || path === `${name}.ts` || path.startsWith(`${name}/`));

const edges = sources.flatMap((file) =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => [file, `${local(file, name)}.ts`] as const),
);

/** What the library offers: they may name every room. */
const FACES: readonly string[] = ['src/index.ts', 'src/browser.ts'];

describe('imports', () => {
  it('run one way through src', () => {
    const wrong = edges.filter(([from, to]) => {
      const [own, other] = [room(from), room(to)];
      if (!from.startsWith('src/') || FACES.includes(from) || own === other) return false;
      return !(MAY_IMPORT[own ?? ''] ?? []).some((allowed) => to === `${allowed}.ts` || to.startsWith(`${allowed}/`));
    });
    expect(wrong).toEqual([]);
  });

  it('never lead from src to cli or reports, nor from reports to cli', () => {
    expect(edges.filter(([from, to]) => from.startsWith('src/') && !to.startsWith('src/'))).toEqual([]);
    expect(edges.filter(([from, to]) => from.startsWith('reports/') && to.startsWith('cli/'))).toEqual([]);
  });

  it('keep commands apart: none leads to another, and no shared room of cli leads up to one', () => {
    const command = (file: string): string | undefined => /^cli\/commands\/([^/]+)\//.exec(file)?.[1];
    const above = (file: string): boolean => /^cli\/[^/]+\.ts$/.test(file);
    const wrong = edges.filter(
      ([from, to]) =>
        from.startsWith('cli/') && !above(from) && command(to) !== undefined && command(from) !== command(to),
    );
    expect(wrong).toEqual([]);
  });

  it('load packages only where they belong', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith('.'))
        .filter((name) => !PACKAGES.some(([pattern, rooms]) => pattern.test(name) && rooms.test(file)))
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no cycles', () => {
    const next = new Map<string, string[]>();
    for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
    const state = new Map<string, 'open' | 'done'>();
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') throw new Error(`a cycle: ${[...path, file].join(' -> ')}`);
      state.set(file, 'open');
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of sources) visit(file, []);
  });
});

describe('files', () => {
  it('are no drawers', () => {
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|types|common|misc)(\.ts|\/)/.test(file))).toEqual([]);
  });

  it('say in their first line what they answer', () => {
    const silent = sources.filter((file) => !/^(#!.*\n)?(\/\/ |\/\*)/.test(readFileSync(file, 'utf8')));
    expect(silent).toEqual([]);
  });

  it('have comments of at most 100 characters a line', () => {
    const long = sources.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, i) => (/^\s*(\/\/|\/?\*)/.test(line) && line.length > 100 ? [`${file}:${i + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it('of src never print', () => {
    expect(sources.filter((file) => file.startsWith('src/') && /\bconsole\./.test(readFileSync(file, 'utf8')))).toEqual(
      [],
    );
  });

  it('hold no marks of a merge', () => {
    const pages = readdirSync('.', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.md') && !/(^|\/)(node_modules|out|dist)\//.test(file),
    );
    const marked = [...sources, ...pages].filter((file) =>
      /^(<{7} |>{7} |(> ){6}> |={7}$)/m.test(readFileSync(file, 'utf8')),
    );
    expect(marked).toEqual([]);
  });
});
