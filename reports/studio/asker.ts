// Asks a worker questions, and gives its answers as promises.

import type { Answer, Asked, Kind } from './core/answers.js';
import type { Envelope, Refusal, Returned } from './core/protocol.js';

/** A mistake of the user that the worker found. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

export interface Asker {
  ask<K extends Kind>(kind: K, ...asked: Asked<K>): Promise<Answer<K>>;
  /** Ends the worker; what was asked is never answered. */
  end(): void;
}

/**
 * A module worker of this folder. It starts from a text of one line, because only such a worker is
 * bound to the page's own policy: on a host that sends no headers a script of its own would not be.
 */
export function workerOf(file: string): Worker {
  const line = `import ${JSON.stringify(new URL(file, document.baseURI).href)};`;
  const address = URL.createObjectURL(new Blob([line], { type: 'text/javascript' }));
  return new Worker(address, { type: 'module' });
}

export function asker(file = 'worker.js'): Asker {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  let worker: Worker | undefined;

  function started(): Worker {
    const made = workerOf(file);
    made.addEventListener('message', ({ data }: MessageEvent<Returned>) => {
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.reply.ok) asked?.resolve(data.reply.value as never);
      else asked?.reject(new Refused(data.reply.refusal));
    });
    // The next question starts another one.
    made.addEventListener('error', (event) => {
      made.terminate();
      worker = undefined;
      const error = new Error(`the worker of this page ended: ${event.message || 'its script could not be loaded'}`);
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return made;
  }

  return {
    ask: (kind, asked?: unknown) =>
      new Promise((resolve, reject) => {
        worker ??= started();
        const id = ++last;
        waiting.set(id, { resolve, reject });
        try {
          worker.postMessage({ id, kind, asked } satisfies Envelope);
        } catch (error) {
          waiting.delete(id);
          throw error;
        }
      }),
    end: () => {
      worker?.terminate();
      worker = undefined;
    },
  };
}
