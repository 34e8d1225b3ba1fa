// Shows progress and time left as a bar on a terminal.

import { ofNetwork, type Drawing, type Shown } from './bar.js';
import { inWords, TimeLeft } from './timeLeft.js';

const SECOND = 1000;
/** Steps of the bar. */
const ALL = 1000;
const CLEAR_LINE = '\r\x1b[K';

export async function terminalBar(): Promise<Drawing> {
  const { SingleBar } = (await import('cli-progress')).default;
  const timeLeft = new TimeLeft();
  // The cursor stays visible: after an interrupt nothing could show it again.
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {title}  {left}',
    hideCursor: false,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let last: Shown = { done: 0, name: '', phase: '' };
  const payload = (): object => ({
    title: last.phase === '' ? last.name : `${last.name}: ${last.phase}${ofNetwork(last.network)}`,
    left: inWords(timeLeft.at(last.done, last.expected)),
  });
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
