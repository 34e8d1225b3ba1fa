// Asks for what a view shows, when that changed, and while the view is shown.

import type { Studio } from '../app.js';
import type { View } from '../state/state.js';
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
}

/** Milliseconds without a change before a long question is asked. */
const PAUSE = 200;

/** @returns a place that holds the answer; it is grey while the answer is of an earlier state */
export function following<A>(studio: Studio, question: Question<A>): HTMLElement {
  const place = element('div', { class: 'answer', 'aria-live': 'polite' });
  let asked: readonly unknown[] | null = [];
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const isNow = (about: readonly unknown[]): boolean =>
    asked !== null && about.length === asked.length && about.every((value, i) => value === asked![i]);

  /** Drops a question that was not asked yet: what it is about may be gone later. */
  const drop = (): void => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    [waiting, asked] = [undefined, []];
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
    if (isNow(about)) return;
    asked = about;
    place.classList.add('stale');
    if (place.childElementCount === 0) place.append(element('p', { class: 'hint' }, 'Working ...'));
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = undefined;
      question.ask().then(
        (answer) => {
          if (!isNow(about)) return;
          place.replaceChildren(...question.show(answer));
          place.classList.remove('stale');
        },
        (error: unknown) => {
          if (!isNow(about)) return;
          const said = error instanceof Error ? error.message : String(error);
          place.replaceChildren(element('p', { class: 'problem', role: 'alert' }, visible(said)));
          place.classList.remove('stale');
        },
      );
    }, PAUSE);
  });
  return place;
}

/** The network that is shown, where its numbers are those of its text. */
export const countedNow = (studio: Studio): readonly unknown[] | null => {
  const { tab } = studio;
  const { counted } = studio.resultOf(tab);
  return tab && counted && !studio.isStale(tab) ? [counted] : null;
};
