// A worker that measures one network on the browser's WebGPU, by the protocol of flopscope measure.

import { InputError } from '../../../src/inputError.js';
import type { Run } from '../../../src/measure/run.js';
import { openBrowserGpu } from './browserGpu.js';
import { measureHere, type MeasureAsked } from './measureHere.js';

/** What the worker says while it works; the last one is a run or a refusal. */
export type Said =
  | { readonly kind: 'progress'; readonly phase: string; readonly done: number; readonly all: number }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'refused'; readonly message: string; readonly software: boolean };

interface Scope {
  postMessage(said: Said): void;
  addEventListener(kind: 'message', listen: (event: { readonly data: MeasureAsked }) => void): void;
}
const scope = globalThis as unknown as Scope;

scope.addEventListener('message', ({ data }) => {
  measured(data)
    .then((said) => {
      scope.postMessage(said);
    })
    .catch((error: unknown) => {
      scope.postMessage({ kind: 'refused', message: `flopscope has a fault here: ${String(error)}`, software: false });
    });
});

async function measured(asked: MeasureAsked): Promise<Said> {
  try {
    const opened = await openBrowserGpu(asked.allowSoftware);
    if ('problem' in opened) return { kind: 'refused', message: opened.problem, software: opened.software };
    const run = await measureHere(opened.engine, opened.host, asked, (phase, done, all) => {
      scope.postMessage({ kind: 'progress', phase, done, all });
    });
    return { kind: 'run', run };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const ours = !(error instanceof InputError) && error instanceof TypeError;
    return { kind: 'refused', message: ours ? `flopscope has a fault here: ${said}` : said, software: false };
  }
}
