// Works in a temporary folder, which becomes the set-up after it was tried.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flopscopeHome } from '../../../src/engines/tensorflowHome.js';
import { InputError } from '../../../src/inputError.js';
import { endCalls } from './tool.js';

/**
 * An interrupt and a failure leave the set-up as it was before.
 * @param name of the folder below flopscope's home
 * @param work installs into the project, and tries it with the environment beside its own
 * @param manifest of the project
 */
export async function inDraft<Result>(
  name: string,
  work: (project: string, environment: NodeJS.ProcessEnv) => Promise<Result>,
  manifest: object = {},
): Promise<Result> {
  const draft = join(flopscopeHome(), `setup-${process.pid}`);
  const project = join(draft, name);
  const home = join(flopscopeHome(), name);
  const interrupted = (): void => {
    void endCalls().then(() => {
      rmSync(draft, { recursive: true, force: true });
      process.exit(INTERRUPTED);
    });
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    makeProject(project, manifest);
    const result = await work(project, { FLOPSCOPE_HOME: draft });
    rmSync(home, { recursive: true, force: true });
    renameSync(project, home);
    return result;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    rmSync(draft, { recursive: true, force: true });
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** 128 + 2 (SIGINT), the shells' exit code of an interrupt. */
const INTERRUPTED = 130;

/** @throws InputError when the folder cannot be made */
function makeProject(project: string, manifest: object): void {
  try {
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 'package.json'), `${JSON.stringify({ private: true, ...manifest })}\n`);
  } catch (error) {
    throw new InputError(
      `${project}: cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); set FLOPSCOPE_HOME to a folder that can`,
    );
  }
}
