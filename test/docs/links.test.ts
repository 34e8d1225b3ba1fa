// Does every link of the documentation lead somewhere, and is every script there? Addresses of the web are not looked up.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES } from './page.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

const textOf = (page: string): string => readFileSync(page, 'utf8').replaceAll(/^( *)```\w*\n[^]*?^\1```$/gm, '');

/** The names that GitHub gives to the headings of a page. */
const anchorsOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );

function broken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(file)) return true;
  return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
}

describe('links', () => {
  it.each(PAGES)('of %s lead to files and headings that are there', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !/^https?:/.test(link) && broken(page, link))).toEqual([]);
  });

  it.each(PAGES)('%s names scripts of package.json that are there', (page) => {
    const named = [...readFileSync(page, 'utf8').matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('of docs/README.md lead to every page', () => {
    const index = readFileSync('docs/README.md', 'utf8');
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.filter((page) => !index.includes(`](${page.slice('docs/'.length)}`))).toEqual([]);
  });
});
