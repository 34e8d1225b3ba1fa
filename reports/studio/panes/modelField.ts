// A field for the name of a built-in model, with all names to choose from.

import { announceFailure, element } from '../../page/dom.js';
import type { Studio } from '../app.js';

let names: Promise<readonly string[]> | undefined;

/** One question for all fields. One that failed is asked again. */
const namesOf = (studio: Studio): Promise<readonly string[]> =>
  (names ??= studio.counter.ask('names').then(
    ({ all }) => all,
    (error: unknown) => {
      names = undefined;
      throw error;
    },
  ));

/**
 * @param id of the field in its page
 * @param value of a tab; a field without one opens another tab each time
 * @param chosen is called with a name that was entered, known or not
 */
export function modelField(studio: Studio, id: string, value: string, chosen: (name: string) => void): HTMLElement {
  const list = element('datalist', { id: `${id}-names` });
  const field = element('input', {
    ...{ type: 'text', id, value, list: `${id}-names`, spellcheck: 'false', autocomplete: 'off' },
    placeholder: 'resnet50, vovnet39, ...',
  });
  announceFailure(
    namesOf(studio).then((all) => {
      list.replaceChildren(...all.map((name) => element('option', { value: name })));
    }),
  );
  let last = value;
  const enter = (): void => {
    const name = field.value.trim();
    if (name === '' || name === last) return;
    if (value === '') field.value = '';
    else last = name;
    chosen(name);
  };
  field.addEventListener('change', enter);
  // A name that is picked from the list counts at once; half a name that is typed does not.
  field.addEventListener('input', (event) => {
    if (!(event instanceof InputEvent) || event.inputType === 'insertReplacementText') enter();
  });
  return element('label', { class: 'field grow' }, element('span', {}, 'Model'), field, list);
}
