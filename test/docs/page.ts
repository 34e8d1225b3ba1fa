// The pages of the documentation, and the blocks of code in them.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export const PAGES: readonly string[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** `npm run docs` writes pages anew; without it they are compared. */
export const WRITING = process.env['npm_lifecycle_event'] === 'docs';

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** From 1: where the block opens. */
  readonly line: number;
}

/** Blocks inside of lists are indented; their texts are not. */
export function blocksOf(page: string, ...languages: readonly string[]): readonly CodeBlock[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^( *)```(\w+)\n([^]*?)^\1```$/gm)]
    .map(({ 1: indent = '', 2: language = '', 3: body = '', index }) => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, index).split('\n').length,
    }))
    .filter(({ language }) => languages.includes(language));
}

/** A command of a block, "$ flopscope ...", and what the page says that it prints. */
export interface Call {
  readonly command: string;
  readonly shown: string;
}

export const callsOf = (block: CodeBlock): readonly Call[] =>
  block.text
    .split(/^\$ /m)
    .filter(Boolean)
    .map((call) => {
      const [command = '', ...output] = call.split('\n');
      return { command, shown: output.join('\n').trim() };
    });

/** Puts what a command prints now in the place of what the page says. */
export function rewrite(page: string, { command, shown }: Call, printed: string): void {
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(`$ ${command}\n${shown}\n`, () => `$ ${command}\n${printed}\n`),
  );
}
