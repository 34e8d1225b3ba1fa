// Makes elements by name, properties and children. Text is never parsed as markup.

type Properties = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | null | undefined;

/** A property that starts with "on" is no property: listeners are added with `on`. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value));
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(label: string, action: () => void, attributes: Properties = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', action);
  return made;
}

/** Letters at the end of a name that stay when the rest is cut. */
const TAIL = 14;

/**
 * A text that is cut in the middle if it is too long: names of layers and variants differ at their
 * ends.
 */
export function clipped(text: string): HTMLElement {
  const letters = Array.from(text);
  if (letters.length <= TAIL + 4) return element('span', { class: 'clip' }, text);
  const cut = letters.length - TAIL;
  return element(
    'span',
    { class: 'clip', title: text },
    element('span', {}, letters.slice(0, cut).join('')),
    element('span', {}, letters.slice(cut).join('')),
  );
}

/** A labelled choice; calls back with the index. */
export function choice(
  label: string,
  options: readonly string[],
  action: (index: number) => void,
  chosen = 0,
): HTMLLabelElement {
  const select = element('select', {}, ...options.map((text, i) => element('option', { value: i }, text)));
  select.selectedIndex = chosen;
  select.addEventListener('change', () => {
    action(select.selectedIndex);
  });
  return element('label', { class: 'field' }, element('span', {}, label), select);
}

/**
 * Renders an element again. The focus returns to the button that was pressed.
 */
export function renderKeeping(pressed: HTMLElement, kind: string, place: number, render: () => void): void {
  const table = pressed.closest('table');
  render();
  table?.querySelectorAll<HTMLElement>(kind)[place]?.focus();
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** Milliseconds in which a short text is read, and a letter of a longer one. */
const [SHORTEST, LETTER] = [2500, 60];
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Says it to screen readers and, as long as reading takes, on the screen. */
export function announce(text: string): void {
  const place = byId('announcement');
  place.textContent = text;
  place.classList.add('shown');
  clearTimeout(hiding);
  hiding = setTimeout(
    () => {
      place.classList.remove('shown');
    },
    Math.max(SHORTEST, LETTER * text.length),
  );
}

/** What a button began: where it cannot be done, why is said. */
export function announceFailure(begun: Promise<unknown>): void {
  begun.catch((error: unknown) => {
    announce(error instanceof Error ? error.message : String(error));
  });
}
