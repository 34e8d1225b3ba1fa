// Copies data to the clipboard or saves it as a file, without network.

import { announce, element } from './dom.js';

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages opened from a file may have no clipboard: the older way still works.
    const area = element('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) {
      announce('The browser does not let this page copy.');
      return;
    }
  }
  announce(`${what} copied.`);
}

export function save(content: Blob, name: string): void {
  const link = element('a', { href: URL.createObjectURL(content), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}
