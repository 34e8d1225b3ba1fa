// What npm would publish: small enough, complete, with nothing that runs when it is installed.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIONAL } from '../src/engines/optionalPackage.js';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const BUILT = existsSync('dist/cli.js') && existsSync('dist/types/src/index.d.ts');

/** Unpacked, in bytes. */
const MOST_BYTES = 5_000_000;
/** Native addons that are found at run time, where they are installed. */
const NATIVE = ['@napi-rs/canvas'];

describe('package.json', () => {
  it('brings nothing but the canvas of charts, and runs nothing when it is installed', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(NATIVE);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts).not.toHaveProperty(script);
  });

  it('says of every large package that it is optional, in the version that setup brings', () => {
    for (const [name, { optional }] of Object.entries(manifest.peerDependenciesMeta)) {
      expect(optional, name).toBe(true);
      expect(manifest.peerDependencies).toHaveProperty([name]);
    }
    for (const { package: name, version } of Object.values(OPTIONAL))
      expect(manifest.peerDependencies[name], name).toBe(`^${version}`);
  });

  it('has them in the repository, in the same versions', () => {
    const charts = JSON.parse(readFileSync('scripts/charts/package.json', 'utf8')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    const here = { ...manifest.devDependencies, ...charts.optionalDependencies };
    for (const { package: name, version } of Object.values(OPTIONAL)) expect(here[name], name).toBe(version);
  });
});

describe.skipIf(!BUILT)('the tarball', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], { encoding: 'utf8' }),
  ) as readonly { readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] }[];
  const paths = packed!.files.map(({ path }) => path);

  it('has less than 5 MB', () => {
    expect(packed!.unpackedSize).toBeLessThan(MOST_BYTES);
  });

  it('holds the build, the configs of examples and the texts, and nothing else', () => {
    const others = paths.filter((path) => !/^(dist|fixtures\/configs)\//.test(path)).sort();
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(paths.filter((path) => /\.(map|wasm|node)$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
    for (const part of [
      'dist/studio/index.html.br',
      'dist/report/page.js.br',
      'dist/tfjs/tfjs-backend-wasm-simd.wasm.br',
      'dist/fonts/inter-400.ttf',
      'dist/LICENSES.txt',
    ])
      expect(paths).toContain(part);
  });

  it('has what bin and exports name', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    for (const path of [...entries.map((entry) => entry.replace('./', '')), ...Object.values(manifest.bin)])
      expect(paths).toContain(path);
    expect(readFileSync('dist/cli.js', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('imports modules of Node, its own files and the canvas, and no other package', () => {
    const scripts = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
    const wanted = scripts.flatMap((path) =>
      [...readFileSync(join('dist', path), 'utf8').matchAll(/(?:^|[;}])import(?:[\w${},* ]+from)?"([^"]+)"/g)].map(
        ([, name]) => name!,
      ),
    );
    const packages = wanted.filter((name) => !name.startsWith('.') && !process.getBuiltinModule(name));
    expect([...new Set(packages)]).toEqual(NATIVE);
  });

  it('has types that need no other package', () => {
    const types = paths.filter((path) => path.endsWith('.d.ts'));
    for (const path of types)
      for (const [, name] of readFileSync(path, 'utf8').matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)) {
        expect(name, path).toMatch(/^\./);
        expect(types, `${path} imports ${name!}`).toContain(join(dirname(path), name!.replace(/\.js$/, '.d.ts')));
      }
  });
});
