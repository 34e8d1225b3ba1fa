// Reads the measured runs of a file, one or several. Each is checked before it is used.

import * as z from 'zod';
import { InputError } from '../../inputError.js';
import { ratesOf } from '../../measure/rates.js';
import { countedRecord, type RecordedGraph } from '../../measure/recordedGraph.js';
import { RUN, type Run } from '../../measure/run.js';
import { parseJson } from '../../document/parseJson.js';
import { LAWS } from './laws.js';

const checked = RUN.superRefine((given, context) => {
  for (const { path, broken, says } of LAWS)
    if (broken(given)) context.addIssue({ code: 'custom', path: [...path], message: says(given) });
});

const OTHER_VERSION = /^flopscope\.runs?\/(?!1$)\d{1,6}$/;

/**
 * @param text what `flopscope measure -o` wrote
 * @throws InputError naming the file and the first field that is wrong
 */
export function readRuns(text: string, file: string): readonly Run[] {
  const data = parseJson(text, file, '; make one with flopscope measure -o');
  const { schema, runs } = (typeof data === 'object' && data !== null ? data : {}) as {
    schema?: unknown;
    runs?: unknown;
  };
  const inside = Array.isArray(runs) ? runs.map((one: { readonly schema?: unknown } | null) => one?.schema) : [];
  const other = [schema, ...inside].find((one) => typeof one === 'string' && OTHER_VERSION.test(one));
  if (typeof other === 'string')
    throw new InputError(
      `${file}: is a run of another version of flopscope (its schema is ${other}, this one reads flopscope.run/1); measure again with flopscope measure -o, or use the flopscope that wrote it`,
    );
  if (schema !== 'flopscope.run/1' && schema !== 'flopscope.runs/1')
    throw new InputError(
      `${file}: holds no measured run (its schema is ${JSON.stringify(schema ?? null).slice(0, 60)}, not flopscope.run/1); make one with flopscope measure -o`,
    );
  const several = schema === 'flopscope.runs/1';
  const result = z
    .array(checked)
    .min(1)
    .safeParse(several ? runs : [data]);
  // Earlier versions wrote ceilings that a run could pass.
  if (result.success) return result.data.map(ofImages).map((run) => ({ ...run, ...ratesOf(run) }));
  const [issue] = result.error.issues;
  const path = (several ? ['runs', ...(issue?.path ?? [])] : (issue?.path ?? []).slice(1)).join('.');
  throw new InputError(
    `${file}: ${path || 'runs'} is wrong (${issue?.message ?? 'not a run'}); measure again with flopscope measure -o`,
  );
}

/** Earlier versions took the first side of any input for a batch. */
function ofImages(run: Run): Run {
  const { graph, input, energy } = run;
  const sides = graph?.inputs[0]?.shape;
  if (graph === undefined || sides === undefined || sides.length === 4 || input.sides) return run;
  const counted = countedRecord(graph as RecordedGraph, run, run.lowerBound)?.profile.input;
  if (counted === undefined) return run;
  const joules = energy && (energy.joulesPerImage * input.n) / counted.n;
  return { ...run, input: { ...counted }, energy: energy && { ...energy, joulesPerImage: joules! } };
}
