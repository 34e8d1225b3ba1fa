// The table of what the worker answers. A new question is one row here.

import { builtInNames } from '../../../src/builtIn.js';
import { FAMILIES } from '../../../src/families/table.js';
import { count, subjectOf } from './count.js';
import type { AskedComparison } from './comparison.js';
import type { AskedForms } from './forms.js';
import type { AskedPrediction, AskedRoofline, OwnDevices } from './predicted.js';
import type { Wanted } from './protocol.js';
import type { AskedReport } from './written.js';

export const ANSWERS = {
  count,
  /** Built-in models by family, for the list of choices. */
  names: () => ({
    all: builtInNames(),
    families: FAMILIES.map(({ name, about, variants }) => ({ name, about, variants: Object.keys(variants) })),
  }),
  /** The JSON Schema of configs, from which the editor completes words. */
  schema: async () => (await import('../../../src/importers/config/configSchema.js')).configSchema(),
  /** What of a family's config makes each layer. */
  links: async (wanted: Wanted) => {
    const { opened, graph } = await subjectOf(wanted);
    return (await import('./fieldLinks.js')).fieldLinks(opened, graph);
  },
  /** A built-in model as a config that can be edited. */
  config: async (name: string) => (await import('./config.js')).configOf(name),
  formats: async () =>
    (await import('../../../src/importers/formats.js')).FORMATS.map(({ title, endings }) => ({ title, endings })),
  advice: async (wanted: Wanted) => (await import('./advice.js')).advice(wanted),
  forms: async (asked: AskedForms) => (await import('./forms.js')).forms(asked),
  comparison: async (asked: AskedComparison) => (await import('./comparison.js')).comparison(asked),
  devices: async (own: OwnDevices) => (await import('./predicted.js')).deviceNames(own),
  predicted: async (asked: AskedPrediction) => (await import('./predicted.js')).predicted(asked),
  roofline: async (asked: AskedRoofline) => (await import('./predicted.js')).roofline(asked),
  runs: async ({ text, name }: { readonly text: string; readonly name: string }) =>
    (await import('../../../src/records/run/readRun.js')).readRuns(text, name),
  report: async (asked: AskedReport) => (await import('./written.js')).report(asked),
  onnx: async (wanted: Wanted) => (await import('./written.js')).onnx(wanted),
  counts: async (wanted: Wanted) => (await import('./written.js')).counts(wanted),
  table: async (asked: { readonly wanted: Wanted; readonly format: 'csv' | 'markdown' | 'latex' }) =>
    (await import('./tables.js')).layerTable(asked),
} as const;

export type Kind = keyof typeof ANSWERS;
export type Asked<K extends Kind> = Parameters<(typeof ANSWERS)[K]>;
export type Answer<K extends Kind> = Awaited<ReturnType<(typeof ANSWERS)[K]>>;
