// The button for light or dark. The reader's choice overrides the system's.

import { button } from './dom.js';

const THEMES = ['auto', 'light', 'dark'] as const;

/** Asked for once: each new list of it costs a look at all styles. */
let list: MediaQueryList | undefined;
const system = (): MediaQueryList => (list ??= matchMedia('(prefers-color-scheme: dark)'));

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? system().matches : theme === 'dark';
}

/** @param changed is called whenever the page looks different */
export function themeButton(changed: () => void): HTMLButtonElement {
  let at = 0;
  const made = button('Theme: auto', () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at]!;
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    made.textContent = `Theme: ${theme}`;
    changed();
  });
  system().addEventListener('change', changed);
  return made;
}
