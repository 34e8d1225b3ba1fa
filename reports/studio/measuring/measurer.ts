// A worker for one session on the browser's WebGPU, by the protocol of flopscope measure.

import { InputError } from '../../../src/inputError.js';
import { openBrowserGpu } from './browserGpu.js';
import { measureHere, type MeasureAsked, type SessionsSoFar } from './measureHere.js';

/** What the worker says while it works; the last one is a session or a refusal. */
export type Said =
  | {
      readonly kind: 'progress';
      readonly phase: string;
      readonly done: number;
      readonly all: number;
      readonly model?: string;
    }
  | { readonly kind: 'session'; readonly found: SessionsSoFar }
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
    const found = await measureHere(opened.engine, opened.host, asked, (phase, done, all, model) => {
      scope.postMessage({ kind: 'progress', phase, done, all, ...(model === undefined ? {} : { model }) });
    });
    return { kind: 'session', found };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const ours = !(error instanceof InputError) && error instanceof TypeError;
    return { kind: 'refused', message: ours ? `flopscope has a fault here: ${said}` : said, software: false };
  }
}
