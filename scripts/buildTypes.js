// Makes dist/types ready for users: what no entry reaches is removed, and no type needs a package.

import { readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const FOLDER = resolve('dist/types');
const ENTRIES = ['src/index.d.ts', 'src/browser.d.ts', 'reports/index.d.ts'].map((path) => join(FOLDER, path));

const importsIn = (text) => [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name);
const isOurs = (name) => name.startsWith('.');

const program = ts.createProgram(ENTRIES, {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
});
const checker = program.getTypeChecker();
const AS_WRITTEN = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;

/** Types that a schema of zod implies, written out; its schemas are nothing that a user has. */
function withoutPackages(path) {
  const source = program.getSourceFile(path);
  const parts = [];
  for (const statement of source.statements) {
    const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (exported && ts.isTypeAliasDeclaration(statement) && !statement.typeParameters) {
      const type = checker.getTypeAtLocation(statement.name);
      parts.push(`export type ${statement.name.text} = ${checker.typeToString(type, undefined, AS_WRITTEN)};`);
    } else if (exported && ts.isInterfaceDeclaration(statement)) parts.push(statement.getFullText(source).trim());
  }
  return `${parts.join('\n')}\n`;
}

const reached = new Map();
function visit(path) {
  if (reached.has(path)) return;
  const text = readFileSync(path, 'utf8');
  const kept = importsIn(text).every(isOurs) ? text : withoutPackages(path);
  reached.set(path, kept);
  for (const name of importsIn(kept)) {
    if (!isOurs(name)) throw new Error(`${path} needs the types of ${name}, which a user of the package does not have`);
    visit(resolve(dirname(path), name.replace(/\.js$/, '.d.ts')));
  }
}
for (const entry of ENTRIES) visit(entry);
for (const [path, text] of reached) writeFileSync(path, text);
prune(FOLDER);

function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) prune(path);
    else if (!reached.has(path)) rmSync(path);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
