// When may a page draw? When its letters are there: those of a canvas are drawn once. They stand in the page itself.

/** @param start makes the page; then it is ready */
export function whenLettersAreThere(start: () => void): void {
  const begin = (): void => {
    start();
    document.documentElement.dataset['ready'] = 'yes';
  };
  void Promise.all([document.fonts.load('400 12px Inter'), document.fonts.load('600 12px Inter')]).then(begin, begin);
}
