// Compiles the addon of tfjs-node against the headers of another TensorFlow library.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Screen } from '../../screen.js';
import { call } from './tool.js';

const TFJS_NODE = '@tensorflow/tfjs-node';
/**
 * The last release; its binding uses nothing but TensorFlow's C API, which stayed compatible up to
 * TensorFlow 2.21.
 */
const VERSION = '4.22.0';
/**
 * The headers of Node's stable addon interface as a package: Node's own would have to be
 * downloaded.
 */
const HEADERS = 'node-api-headers@1.9.0';
/** Where tfjs-node looks for its addon. */
const PLACE = 'lib/napi-v8';

export const NPM = { command: 'npm', missing: 'install npm, which comes with Node' };

/** Its own install script would download a TensorFlow of 2022, so no script runs. */
export const installSources = (project: string, screen: Screen): Promise<void> =>
  call(
    {
      ...NPM,
      args: ['install', '--prefix', project, '--ignore-scripts', ...QUIET, `${TFJS_NODE}@${VERSION}`, HEADERS],
      folder: project,
      failed: `npm could not give ${TFJS_NODE}`,
    },
    screen,
  );

/**
 * The package as it was published: its install script downloads TensorFlow 2.9 and an addon made
 * for it.
 */
export const installPackage = (project: string, gpu: boolean, screen: Screen): Promise<void> => {
  const name = gpu ? `${TFJS_NODE}-gpu` : TFJS_NODE;
  return call(
    {
      ...NPM,
      args: [
        'install',
        '--prefix',
        project,
        '--ignore-scripts=false',
        '--foreground-scripts',
        ...QUIET,
        `${name}@${VERSION}`,
      ],
      folder: project,
      failed: `${name} could not be installed`,
    },
    screen,
  );
};

export const QUIET = ['--no-audit', '--no-fund'];

/**
 * @param tensorflow has the headers and libraries to compile against; at run time they are looked
 * for in `lib` of the project
 */
export async function compileAddon(
  project: string,
  tensorflow: string,
  libraries: readonly string[],
  screen: Screen,
): Promise<void> {
  const source = join(project, 'node_modules', TFJS_NODE);
  const place = join(source, PLACE);
  mkdirSync(place, { recursive: true });
  const up = PLACE.split('/').map(() => '..');
  await call(
    {
      command: process.env['CXX'] ?? 'g++',
      args: [
        ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
        ...['-I', join(project, 'node_modules/node-api-headers/include'), '-I', join(tensorflow, 'include')],
        ...['-o', join(place, 'tfjs_binding.node')],
        ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(source, 'binding', file)),
        ...['-L', tensorflow, ...libraries.map((name) => `-l:${name}`)],
        // From the addon through tfjs-node, @tensorflow and node_modules to the project: no
        // LD_LIBRARY_PATH is needed.
        `-Wl,-rpath,$ORIGIN/${[...up, '..', '..', '..', 'lib'].join('/')}`,
      ],
      folder: project,
      failed: 'the addon could not be compiled',
      missing: 'install a C++ compiler, on Debian g++',
    },
    screen,
  );
}
