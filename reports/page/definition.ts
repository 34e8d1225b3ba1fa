// A button beside a term shows its definition. Escape or a click elsewhere closes it.

import { DEFINITIONS, type Definition } from '../report/definitions.js';
import { button, byId } from './dom.js';

/** A button for the meaning of a column; nothing where the word needs none. */
export function meaningButton(title: string, key: string | undefined): HTMLButtonElement | null {
  const definition = key === undefined ? undefined : DEFINITIONS[key];
  if (definition === undefined) return null;
  const made = button(
    '?',
    () => {
      show(made, definition);
    },
    { class: 'meaning', 'aria-label': `What is ${title}?` },
  );
  return made;
}

const MARGIN = 12;

function show(anchor: HTMLElement, { word: name, meaning }: Definition): void {
  const box = byId('definition');
  box.replaceChildren();
  const word = document.createElement('strong');
  word.textContent = name;
  box.append(word, ` ${meaning}`);
  box.showPopover();
  const { left, bottom } = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  box.style.top = `${Math.max(MARGIN, Math.min(bottom + 6, innerHeight - height - MARGIN))}px`;
}
