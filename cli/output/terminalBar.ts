// Shows progress and time left as a bar on a terminal.

import type { Drawing, Shown } from './bar.js';
import { barLine } from './barLine.js';
import { TimeLeft } from './timeLeft.js';

const SECOND = 1000;
/** Steps of the bar. */
const ALL = 1000;
const CLEAR_LINE = '\r\x1b[K';

interface Payload {
  readonly shown: Shown;
  readonly left: number | undefined;
}

export async function terminalBar(): Promise<Drawing> {
  const { SingleBar } = (await import('cli-progress')).default;
  const timeLeft = new TimeLeft();
  // The cursor stays visible: after an interrupt nothing could show it again.
  const bar = new SingleBar({
    format: (_options, _params, { shown, left }: Payload) => barLine(shown, left, process.stderr.columns),
    hideCursor: false,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let last: Shown = { done: 0, name: '', phase: '' };
  const payload = (): Payload => ({ shown: last, left: timeLeft.at(last.done, last.expected) });
  const show = (shown: Shown): void => {
    last = shown;
    bar.update(Math.floor(ALL * shown.done), payload());
  };
  bar.start(ALL, 0, payload());
  // The time left is updated during a long step.
  const timer = setInterval(() => {
    show(last);
  }, SECOND);
  timer.unref();
  return {
    begin: show,
    show,
    say(text) {
      process.stderr.write(`${CLEAR_LINE}${text}`);
      show(last);
    },
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
