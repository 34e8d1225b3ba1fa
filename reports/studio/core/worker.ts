// The worker of the studio: it reads and counts networks, so that the page never waits for it.

import { InputError } from '../../../src/inputError.js';
import { ANSWERS, type Kind } from './answers.js';
import type { Envelope, Refusal, Reply, Returned } from './protocol.js';

/** What of the worker's own scope is used here. */
interface Scope {
  postMessage(message: Returned): void;
  addEventListener(kind: 'message', listen: (event: { readonly data: Envelope }) => void): void;
}
const scope = globalThis as unknown as Scope;

scope.addEventListener('message', ({ data: { id, kind, asked } }) => {
  answered(kind, asked)
    .then((reply) => {
      scope.postMessage({ id, reply });
    })
    // What cannot be sent is told of: no question stays without an answer.
    .catch((error: unknown) => {
      scope.postMessage({ id, reply: { ok: false, refusal: refusalOf(error) } });
    });
});

async function answered(kind: string, asked: unknown): Promise<Reply<unknown>> {
  try {
    return { ok: true, value: await (ANSWERS[kind as Kind] as (asked: unknown) => unknown)(asked) };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

const PLACE = /^[^\n]*?:(\d+):(\d+): /;

function refusalOf(error: unknown): Refusal {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof InputError)) return { message: `flopscope has a fault here, not your input: ${said}` };
  const place = PLACE.exec(said);
  const unknownOps = error.option === 'allowUnknown';
  return {
    message: place ? said.slice(place[0].length) : said,
    ...(place ? { line: Number(place[1]), column: Number(place[2]) } : {}),
    ...(unknownOps ? { unknownOps } : {}),
  };
}
