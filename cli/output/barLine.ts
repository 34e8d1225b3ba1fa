// One line of a progress bar, as wide as the terminal has room for.

import { widthOf } from '../../reports/text/cellLines.js';
import { abbreviate } from '../../src/visible.js';
import { ofNetwork, type Shown } from './bar.js';
import { inWords } from './timeLeft.js';

const [LEAST_BAR, LONGEST_BAR] = [10, 40];
/** A title of fewer characters says nothing. */
const LEAST_TITLE = 12;
const GAP = '  ';
/** Of a terminal that does not tell its width. */
const USUAL = 80;

/**
 * The bar, the percentage, what runs, and the time left. Where there is no room for all of it, the
 * bar is short, then the title is shortened, then left out, then the time, then the bar.
 * @param left seconds; undefined where they are not known
 * @param columns of the terminal; the last one stays empty, since some terminals go on to the next
 * line there
 */
export function barLine(shown: Shown, left: number | undefined, columns: number | undefined): string {
  const room = Math.max(1, (columns || USUAL) - 1);
  const { done, name, phase, network } = shown;
  const percentage = `${Math.floor(100 * done)} %`;
  const title = phase === '' ? name : `${name}: ${phase}${ofNetwork(network)}`;
  const time = inWords(left, done);
  const besideBar = [percentage, time];
  const forTitle = room - LEAST_BAR - 1 - widthOf(besideBar.join(GAP)) - GAP.length;
  const named = forTitle < LEAST_TITLE && title.length > forTitle ? '' : abbreviate(title, forTitle);
  if (named !== '' && widthOf(named) <= forTitle) return withBar(done, [percentage, named, time], room);
  if (widthOf(besideBar.join(GAP)) + LEAST_BAR + 1 <= room) return withBar(done, besideBar, room);
  if (widthOf(percentage) + LEAST_BAR + 1 <= room) return withBar(done, [percentage], room);
  return percentage.slice(0, room);
}

function withBar(done: number, texts: readonly string[], room: number): string {
  const text = texts.join(GAP);
  const length = Math.min(LONGEST_BAR, room - widthOf(text) - 1);
  const full = Math.floor(length * done);
  return `${'='.repeat(full)}${'-'.repeat(length - full)} ${text}`;
}
