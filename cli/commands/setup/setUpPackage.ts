// Sets up a package that npm installs whole, and tries it.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DOES_NOT_LOAD } from '../../../src/engines/dawn.js';
import { OPTIONAL, type OptionalName } from '../../../src/engines/optionalPackage.js';
import type { EngineReport } from '../../../src/engines/probe.js';
import { tryEngine } from '../../../src/engines/tryEngine.js';
import { tryRenderer } from '../../probing/tryRenderer.js';
import type { Screen } from '../../screen.js';
import { NPM, QUIET } from './addon.js';
import { inDraft } from './draft.js';
import { SetupFailure } from './setupFailure.js';
import { call } from './tool.js';

/** Tries the installed package. @returns a sentence with the result */
type Attempt = (project: string, environment: NodeJS.ProcessEnv) => Promise<string>;

const ATTEMPTS: Readonly<Record<OptionalName, Attempt>> = {
  async onnxruntime(_, environment) {
    const report = await tryEngine('onnxruntime', environment);
    if (report.works) return `${works(report)}\nUse it with --engine onnxruntime.`;
    throw new SetupFailure(`ONNX Runtime was set up, but ${report.problem ?? 'it does not work'}`);
  },
  /** Without a driver the package stays installed, since a driver may follow. */
  async webgpu(_, environment) {
    const report = await tryEngine('webgpu', environment);
    if (report.works) return `${works(report)}\nUse it with --engine webgpu.`;
    const { problem, remedy } = report;
    if (problem?.startsWith(DOES_NOT_LOAD) === true) throw new SetupFailure(`webgpu was set up, but ${problem}`);
    return `webgpu is set up, but ${problem ?? 'it does not work'}${remedy === null ? '' : `: ${remedy}`}.`;
  },
  /** The studio serves two files out of 140 MB. */
  'onnxruntime-web': (project) => {
    const modules = join(project, 'node_modules');
    const dist = join(modules, 'onnxruntime-web/dist');
    for (const name of readdirSync(modules)) if (name !== 'onnxruntime-web') remove(join(modules, name));
    for (const name of readdirSync(dist))
      if (!/^ort-wasm-simd-threaded\.asyncify\./.test(name)) remove(join(dist, name));
    for (const name of ['lib', 'docs']) remove(join(modules, 'onnxruntime-web', name));
    const whole = ['mjs', 'wasm'].every((end) => existsSync(join(dist, `ort-wasm-simd-threaded.asyncify.${end}`)));
    if (!whole) throw new SetupFailure('onnxruntime-web was set up, but its WebAssembly is not in the package');
    return Promise.resolve('onnxruntime-web is set up: flopscope studio measures dropped ONNX files on it.');
  },
  async 'chartjs-node-canvas'(_, environment) {
    const report = await tryRenderer('chartjs-node-canvas', environment);
    if (report.works) return `chartjs-node-canvas ${report.version ?? ''} works, and draws all charts from now on.`;
    throw new SetupFailure(`chartjs-node-canvas was set up, but ${report.problem ?? 'it draws nothing'}`);
  },
};

const remove = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
};

/** Packages of these set-ups whose own install script is needed: it fetches or builds an addon. */
const NEEDS_SCRIPT: Partial<Readonly<Record<OptionalName, string>>> = { 'chartjs-node-canvas': 'canvas' };

/**
 * @returns what was found when it was tried
 * @throws SetupFailure where npm does not give it, or it does not work here
 */
export function setUpPackage(name: OptionalName, screen: Screen): Promise<string> {
  const { package: published, version, size } = OPTIONAL[name];
  const script = NEEDS_SCRIPT[name];
  const scripts =
    script === undefined ? 'no install script runs' : `the install script of ${script} fetches or builds its addon`;
  screen.err(`npm fetches ${published} ${version}, ${size} on disk; ${scripts}\n`);
  return inDraft(
    name,
    async (project, environment) => {
      await call(
        {
          ...NPM,
          // That of onnxruntime-node would fetch CUDA libraries from a host that is no registry.
          args: [
            ...['install', '--prefix', project, `--ignore-scripts=${script === undefined}`, ...QUIET],
            `${published}@${version}`,
          ],
          folder: project,
          failed: `npm could not give ${published}`,
        },
        screen,
      );
      return ATTEMPTS[name](project, environment);
    },
    script === undefined ? {} : { allowScripts: { [script]: true } },
  );
}

/** The sentence for a working engine, with the result of a convolution. */
export function works({ name, device, versions, convolutionError }: EngineReport): string {
  const packages = Object.entries(versions ?? {}).map((entry) => entry.join(' '));
  const where = device?.kind === 'gpu' ? `on the GPU, ${device.name}` : `on the CPU, ${device?.name ?? 'unknown'}`;
  return `${name} works (${packages.join(', ')}): a convolution ran ${where}, off by ${(convolutionError ?? 0).toPrecision(1)}.`;
}
