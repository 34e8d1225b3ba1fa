// Shows progress as plain lines: one when a part or a network begins, and one every ten seconds.

import type { Screen } from '../screen.js';
import { ofNetwork, type Drawing, type Shown } from './bar.js';
import { inWords, TimeLeft } from './timeLeft.js';

const SECOND = 1000;
/** A little less than ten seconds: the timer comes once a second. */
const EVERY_MS = 9_500;

export function progressLines({ err }: Pick<Screen, 'err'>): Drawing {
  const timeLeft = new TimeLeft();
  let last: Shown | undefined;
  let printed = 0;
  /** Networks of this part that have had a line. */
  let named = new Set<string>();
  const line = ({ done, expected, name, phase, network }: Shown): void => {
    printed = performance.now();
    const rest = phase === '' ? '' : `: ${phase}${ofNetwork(network)}, ${inWords(timeLeft.at(done, expected), done)}`;
    err(`${Math.floor(100 * done)} % done, ${name}${rest}\n`);
  };
  const due = (): boolean => performance.now() - printed >= EVERY_MS;
  // Work that blocks the timer still shows its steps.
  const timer = setInterval(() => {
    if (last && due()) line(last);
  }, SECOND);
  timer.unref();
  return {
    begin(shown) {
      last = { ...shown, phase: 'begun' };
      named = new Set();
      line(shown);
    },
    show(shown) {
      last = shown;
      const { network } = shown;
      const begins = network !== undefined && !named.has(network);
      if (begins) named.add(network);
      if (begins || due()) line(shown);
      else timeLeft.at(shown.done, shown.expected);
    },
    say: err,
    stop() {
      clearInterval(timer);
    },
  };
}
