// Do imports run one way? The import lines of src, cli and reports are read and held to the house rules.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Rooms from the ground up: a file imports from its own room and from rooms that are listed beside it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/inputError': [],
  'src/nearest': [],
  'src/plural': [],
  'src/dim': ['src/inputError'],
  'src/shape': ['src/dim', 'src/inputError'],
  'src/fields': ['src/dim', 'src/inputError', 'src/plural'],
  'src/ops': ['src/dim', 'src/inputError', 'src/shape', 'src/fields'],
  'src/graph': ['src/dim', 'src/fields', 'src/ops', 'src/shape'],
  'src/builder': ['src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/ops', 'src/shape'],
  'src/cost': ['src/graph', 'src/dim', 'src/fields', 'src/ops', 'src/shape'],
  'src/bound': [],
  'src/profile': ['src/bound', 'src/cost', 'src/dim', 'src/fields', 'src/graph', 'src/inputError', 'src/shape'],
  'src/compare': ['src/profile'],
  'src/diff': ['src/profile'],
  'src/blocks': ['src/builder', 'src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/shape'],
  'src/families': ['src/blocks', 'src/builder', 'src/graph', 'src/dim', 'src/fields', 'src/inputError', 'src/shape'],
  'src/model': ['src/families', 'src/builder', 'src/fields', 'src/graph', 'src/profile', 'src/shape'],
  'src/detectors': [
    ...['src/blocks', 'src/builder', 'src/families', 'src/fields', 'src/graph', 'src/dim', 'src/ops', 'src/shape'],
    ...['src/model', 'src/inputError', 'src/nearest'],
  ],
  'src/builtIn': ['src/families', 'src/model', 'src/nearest', 'src/inputError'],
  'src/blockModels': ['src/blocks', 'src/builder', 'src/families', 'src/fields', 'src/model'],
  'src/closedForm': ['src/nearest', 'src/model', 'src/cost', 'src/dim', 'src/graph', 'src/inputError'],
  'src/formula': ['src/closedForm', 'src/model', 'src/cost', 'src/dim', 'src/inputError'],
  'src/budgets': ['src/profile', 'src/measure/run', 'src/inputError'],
  'src/counters': [
    ...['src/families', 'src/model', 'src/cost', 'src/graph', 'src/ops', 'src/dim', 'src/shape', 'src/inputError'],
    ...['src/profile', 'src/fields'],
  ],
  'src/formats': [
    ...['src/model', 'src/families', 'src/blocks', 'src/builder', 'src/graph', 'src/ops', 'src/fields', 'src/dim'],
    ...[
      'src/shape',
      'src/inputError',
      'src/nearest',
      'src/plural',
      'src/measure/run',
      'src/weights',
      'src/cost',
      'src/redesign/item',
    ],
    'src/budgets',
  ],
  'src/weights': ['src/graph', 'src/cost', 'src/ops', 'src/shape', 'src/inputError'],
  'src/engines': [
    ...['src/builder', 'src/graph', 'src/cost', 'src/weights', 'src/ops', 'src/fields', 'src/dim', 'src/shape'],
    ...['src/inputError', 'src/nvidia'],
  ],
  'src/nvidia': [],
  'src/measure': ['src/engines/engine', 'src/nvidia', 'src/graph', 'src/plural', 'src/profile'],
  'src/explain': ['src/cost', 'src/dim', 'src/graph', 'src/inputError', 'src/ops', 'src/profile'],
  'src/redesign': [
    ...['src/blocks', 'src/bound', 'src/builder', 'src/cost', 'src/dim', 'src/fields', 'src/graph', 'src/inputError'],
    ...['src/ops', 'src/profile', 'src/weights'],
  ],
  'src/diagnosis': ['src/engines', 'src/measure', 'src/nvidia'],
  'src/lab': [
    ...['src/builder', 'src/builtIn', 'src/graph', 'src/profile', 'src/measure/run', 'src/measure/statistics'],
  ],
};

/** What only some rooms may load; everything else of node_modules and Node is checked by the same list. */
const PACKAGES: readonly (readonly [pattern: RegExp, rooms: RegExp])[] = [
  [/^@tensorflow\/|^webgpu$/, /^src\/engines\//],
  [/^(zod|yaml|csv-parse\/sync)$/, /^src\/formats\//],
  [/^protobufjs\//, /^src\/formats\/onnx\//],
  [
    /^node:(os|child_process|worker_threads|readline|timers\/promises|process|util)$/,
    /^(src\/(engines|measure|nvidia)|cli)\//,
  ],
