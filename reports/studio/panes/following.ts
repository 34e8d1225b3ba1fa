// Asks for what a view shows, when that changed, and while the view is shown.

import type { Studio } from '../app.js';
import type { Tab, View } from '../state/state.js';
import { visible } from '../../../src/visible.js';
import { element } from '../../page/dom.js';

export interface Question<A> {
  readonly view: View;
  /** What the answer depends on; null where there is nothing to ask. */
  about(): readonly unknown[] | null;
  ask(): Promise<A>;
  /** Elements of the answer. */
  show(answer: A): readonly Node[];
  /** In place of an answer, where there is nothing to ask. */
  readonly nothing?: string;
  /** Networks that the answer is of besides the one that is shown. */
  others?(): readonly Tab[];
}

/** Milliseconds without a change before a long question is asked. */
const PAUSE = 200;

/**
 * An edit that cannot be counted keeps the last good answer.
 * @returns a place that holds the answer; it is grey while the answer is of an earlier state
 */
export function following<A>(studio: Studio, question: Question<A>): HTMLElement {
  const place = element('div', { class: 'answer', 'aria-live': 'polite', tabindex: -1 });
  let asked: readonly unknown[] | null = [];
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let answered = false;
  const isNow = (about: readonly unknown[]): boolean =>
    asked !== null && about.length === asked.length && about.every((value, i) => value === asked![i]);

  /** Drops a question that was not asked yet: what it is about may be gone later. */
  const drop = (): void => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    [waiting, asked] = [undefined, []];
  };

  const grey = (): void => {
    const { tab } = studio;
    const shown = [...(tab ? [tab] : []), ...(question.others?.() ?? [])];
    place.classList.toggle('stale', !answered || shown.some((one) => studio.isStale(one)));
  };
  const put = (inside: readonly Node[]): void => {
    answered = true;
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...inside);
    // What was pressed is gone: the keys go on from here.
    if (hadFocus) place.focus();
    grey();
  };

  studio.onDraw(() => {
    if (studio.state.view !== question.view) {
      drop();
      return;
    }
    const about = question.about();
    if (about === null) {
      drop();
      if (asked !== null) place.replaceChildren(element('p', { class: 'hint' }, question.nothing ?? ''));
      place.classList.remove('stale');
      asked = null;
      return;
    }
    if (isNow(about)) {
      grey();
      return;
    }
    [asked, answered] = [about, false];
    grey();
    if (place.childElementCount === 0) place.append(element('p', { class: 'hint' }, 'Working ...'));
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = undefined;
      // What cannot even be asked is said where the answer would stand.
      const asking = async (): Promise<A> => question.ask();
      asking().then(
        (found) => {
          if (isNow(about)) put(question.show(found));
        },
        (error: unknown) => {
          if (!isNow(about)) return;
          const said = error instanceof Error ? error.message : String(error);
          put([element('p', { class: 'problem', role: 'alert' }, visible(said))]);
        },
      );
    }, PAUSE);
  });
  return place;
}

/** The count that is shown: of an earlier text, where the present one cannot be counted. */
export const shownCount = (studio: Studio): readonly unknown[] | null => {
  const { counted } = studio.resultOf(studio.tab);
  return counted && [counted];
};

/** The network that the shown count is of. */
export const shownTab = (studio: Studio): Tab => studio.resultOf(studio.tab).of!;
