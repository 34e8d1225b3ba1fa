// A worker for one session in this browser, by the protocol of flopscope measure.

import { InputError } from '../../../src/inputError.js';
import type { Progress } from '../../../src/measure/windows.js';
import { hostOf, openBrowserGpu } from './browserGpu.js';
import { measureHere, type MeasureAsked, type SessionsSoFar } from './measureHere.js';
import { networksOf } from './networks.js';

/** This script lies beside the page. */
const FOLDER = new URL('.', import.meta.url);

/** What the worker says while it works; the last one is a session or a refusal. */
export type Said =
  | {
      readonly kind: 'progress';
      readonly phase: string;
      readonly done: number;
      readonly all: number;
      readonly model?: string;
    }
  /** `note`: what is to be said of where it ran; null where nothing is. */
  | {
      readonly kind: 'session';
      readonly found: SessionsSoFar;
      readonly note: string | null;
      readonly software: boolean;
    }
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
  const progress: Progress = (phase, done, all, model) => {
    scope.postMessage({ kind: 'progress', phase, done, all, ...(model === undefined ? {} : { model }) });
  };
  try {
    const { networks, bytes } = await networksOf(asked.wanted);
    if (bytes) {
      const { openOnnxRuntime } = await import('./openOnnxRuntime.js');
      const { engine, noGpu, software } = await openOnnxRuntime(FOLDER, bytes, asked.allowSoftware);
      const found = await measureHere(engine, hostOf(), networks, asked, progress);
      const note = noGpu && `It ran on the CPU, by the wasm provider of ONNX Runtime on one thread: ${noGpu}.`;
      return { kind: 'session', found, note, software };
    }
    const opened = await openBrowserGpu(asked.allowSoftware);
    if ('problem' in opened) return { kind: 'refused', message: opened.problem, software: opened.software };
    const found = await measureHere(opened.engine, opened.host, networks, asked, progress);
    return { kind: 'session', found, note: null, software: false };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const ours = !(error instanceof InputError) && error instanceof TypeError;
    return { kind: 'refused', message: ours ? `flopscope has a fault here: ${said}` : said, software: false };
  }
}
