// Waits until the fonts in the page are loaded: a canvas is drawn only once.

/** @param start makes the page; then it is ready */
export function whenFontsAreLoaded(start: () => void): void {
  const begin = (): void => {
    start();
    document.documentElement.dataset['ready'] = 'yes';
  };
  Promise.all([document.fonts.load('400 12px Inter'), document.fonts.load('600 12px Inter')]).then(begin, begin);
}
