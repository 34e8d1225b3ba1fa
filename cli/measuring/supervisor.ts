// Runs a command in its own process, relays its messages and hides what libraries print.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../src/measure/windows.js';
import type { Bar } from '../output/bar.js';
import { progressBar } from '../output/progressBar.js';
import type { Screen } from '../screen.js';
import type { MeasuringMessage } from './messages.js';

/** Beside the chunks of a build. */
const SCRIPTS = ['./measuring.js', '../measuring.js'].map((path) => new URL(path, import.meta.url));
/** Characters of library output that explain a crash. */
const MOST_KEPT = 4096;
const FAILED = 3;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Native libraries write to the streams of their process, and no setting silences all of them; they
 * also keep its event loop busy. So another process measures, and this one shows progress.
 * @returns the exit code of the command
 */
export async function supervised(args: readonly string[], screen: Screen): Promise<number> {
  const script = SCRIPTS.map((url) => fileURLToPath(url)).find((path) => existsSync(path));
  if (script === undefined) throw new Error('the script of the process that measures is missing: npm run build');
  const child = fork(script, [JSON.stringify(screenFor(screen, args)), ...args], {
    stdio: ['inherit', 'pipe', 'pipe', 'ipc'],
  });
  const listener = new Listener(screen);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-MOST_KEPT);
      if (args.includes('--debug')) listener.hear({ kind: 'err', text: text.toString() });
    });
  child.on('message', (spoken) => {
    listener.hear(spoken as MeasuringMessage);
  });
  const stopForwarding = forwarded(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  stopForwarding();
  await listener.finish();
  if (signal !== null && (SIGNALS as readonly string[]).includes(signal)) process.kill(process.pid, signal);
  if (listener.code !== undefined) return listener.code;
  const last = said.trim().split('\n').at(-1) ?? '';
  const how = signal ?? `exit code ${String(code)}`;
  screen.err(
    `error: the process that measures ended (${how})${last === '' ? '' : `: ${last}`}; choose another engine with --engine, or see all of its output with --debug\n`,
  );
  return FAILED;
}

const screenFor = ({ look, progress }: Screen, args: readonly string[]): object => ({
  width: look.width,
  colours: look.bold('x') !== 'x',
  progress: args.includes('--quiet') ? 'none' : progress,
});

/** A signal that comes to this process alone ends the other one too. */
function forwarded(child: ChildProcess): () => void {
  const handlers = SIGNALS.map((signal) => [signal, () => void child.kill(signal)] as const);
  for (const [signal, forward] of handlers) process.on(signal, forward);
  return () => {
    for (const [signal, forward] of handlers) process.off(signal, forward);
  };
}

/** Shows messages in the order in which they came. */
class Listener {
  code: number | undefined;
  private bar: Bar | undefined;
  private step: Progress | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly screen: Screen) {}

  hear(spoken: MeasuringMessage): void {
    this.last = this.last.then(() => this.show(spoken));
  }

  async finish(): Promise<void> {
    await this.last;
    this.stop();
  }

  private async show(spoken: MeasuringMessage): Promise<void> {
    switch (spoken.kind) {
      case 'out':
        this.screen.out(spoken.text);
        break;
      case 'err':
        if (this.bar) this.bar.say(spoken.text);
        else this.screen.err(spoken.text);
        break;
      case 'bar':
        this.bar = await progressBar(spoken.parts, this.screen, spoken.seconds);
        break;
      case 'parts':
        this.bar?.parts(spoken.parts);
        break;
      case 'part':
        this.step = this.bar?.part(spoken.name, spoken.expected);
        break;
      case 'step':
        this.step?.(spoken.phase, spoken.done, spoken.all, spoken.network);
        break;
      case 'stop':
        this.stop();
        break;
      case 'end':
        this.code = spoken.code;
    }
  }

  private stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
