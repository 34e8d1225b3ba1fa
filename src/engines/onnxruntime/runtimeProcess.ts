// Starts ONNX Runtime's process, sends it calls, and keeps the output of its libraries.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Answer, CallName, Calls } from './calls.js';

/** Beside the chunks of a build; from source, in the build that stands beside it. */
const SCRIPT = ['./onnxruntime.js', '../onnxruntime.js', '../dist/onnxruntime.js', '../../../dist/onnxruntime.js'].map(
  (path) => fileURLToPath(new URL(path, import.meta.url)),
);
const MOST_KEPT = 4096;
/** Milliseconds to wait before the process is killed, so that an inference can finish. */
const PATIENCE = 2000;
const LAST_WORDS = 200;

/** The call failed, with the runtime's message. */
export class CallFailure extends Error {
  override name = 'CallFailure';
}

/** The process ended before it answered. */
export class ProcessEnded extends Error {
  override name = 'ProcessEnded';
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class RuntimeProcess {
  /** Bytes that it had resident when it last answered; null where that is not known. */
  resident: number | null = null;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private calls = 0;
  private said = '';
  private ended: ProcessEnded | undefined;

  /** @param heard receives the text that libraries write */
  constructor(heard: (text: string) => void) {
    const script = SCRIPT.find((path) => existsSync(path));
    if (script === undefined) throw new Error('the script of its process is missing: npm run build makes it');
    this.child = fork(script, [], {
      // The memory of loading is garbage once the network is loaded.
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Typed arrays cross as they are.
      serialization: 'advanced',
    });
    const closed = [this.child.stdout!, this.child.stderr!].map((stream) => {
      stream.on('data', (text: Uint8Array) => {
        const words = new TextDecoder().decode(text);
        this.said = (this.said + words).slice(-MOST_KEPT);
        heard(words);
      });
      // Its handles do not keep this process alive.
      (stream as Readable & { unref?(): void }).unref?.();
      return once(stream, 'close');
    });
    this.child.on('message', (answer) => {
      this.answered(answer as Answer);
    });
    this.exited = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => {
        // Its last output may still be in the pipe.
        void Promise.race([Promise.all(closed), pause(LAST_WORDS)]).then(() => {
          this.end(`its process ended (${signal ?? `exit code ${String(code)}`})`);
          resolve();
        });
      });
      this.child.on('error', ({ message }) => {
        this.end(`its process cannot be started (${message})`);
        resolve();
      });
    });
    this.child.unref();
    this.rest();
  }

  /**
   * @throws CallFailure with the runtime's words; ProcessEnded where there is no answer any more
   */
  call<N extends CallName>(name: N, given: Calls[N][0]): Promise<Calls[N][1]> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      const id = this.calls++;
      this.waiting.set(id, { resolve: resolve, reject });
      this.child.channel?.ref();
      this.child.send({ id, name, given }, (error) => {
        if (error) this.end(`its process takes no call (${error.message})`);
      });
    });
  }

  async close(): Promise<void> {
    this.child.ref();
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
    await this.exited;
    clearTimeout(timer);
  }

  private answered(answer: Answer): void {
    this.resident = answer.resident;
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.rest();
    if ('error' in answer) waiting?.reject(new CallFailure(answer.error));
    else waiting?.resolve(answer.result);
  }

  /** While no call is open, the child does not keep this process alive. */
  private rest(): void {
    this.child.channel?.unref();
  }

  private end(how: string): void {
    const last = reasonIn(this.said);
    this.ended ??= new ProcessEnded(last === '' ? how : `${how}: ${last}`);
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

/** The line with the error; else the last line that is not Node's version. */
function reasonIn(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^Node\.js v/.test(line));
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
}
