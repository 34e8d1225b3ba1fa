// Does what docs/ci.md shows really work? Its budgets file is read, and the steps of the workflow run in bash as they stand.

import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBudgets } from '../../src/records/budgets/readBudgets.js';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'working-directory'?: string;
}
interface Workflow {
  readonly on: object;
  readonly jobs: { readonly budgets: { readonly 'runs-on': string; readonly steps: readonly Step[] } };
}

const workflow = parse(readFileSync('docs/github-actions.yml', 'utf8')) as Workflow;
const { steps } = workflow.jobs.budgets;
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const stepNamed = (name: string): string => steps.find((step) => step.name === name)!.run!;

describe('docs/github-actions.yml', () => {
  it('is a workflow of steps that either use an action or run a command', () => {
    expect(Object.keys(workflow.on)).toContain('pull_request');
    expect(steps.every(({ uses, run }) => (uses === undefined) !== (run === undefined))).toBe(true);
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.every((action) => /^actions\/(checkout|setup-node|upload-artifact)@v\d+$/.test(action))).toBe(true);
  });

  it('installs with scripts that exist, in the folder that it checks out', () => {
    const install = steps.find(({ name }) => name === 'Install flopscope')!;
    expect(install['working-directory']).toBe('.flopscope');
    for (const [, script] of install.run!.matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty(script!);
  });
});

describe('its steps', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-ci-'));
    cpSync('fixtures/budgets', folder, { recursive: true });
    // What npm link makes.
    writeFileSync(join(folder, 'flopscope'), `#!/bin/sh\nexec node "${resolve('dist/cli.js')}" "$@"\n`);
    chmodSync(join(folder, 'flopscope'), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** As GitHub runs a step: bash, which stops at the first failure. */
  const bash = (script: string): Promise<number> =>
    new Promise((done) => {
      const env = {
        ...process.env,
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        GITHUB_STEP_SUMMARY: join(folder, 's.md'),
      };
      const child = execFile('bash', ['-e', '-c', script], { cwd: folder, env }, () => undefined);
      child.on('close', (code) => {
        done(code ?? -1);
      });
    });
  const written = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const change = (from: string, to: string): void => {
    writeFileSync(join(folder, 'flopscope.budgets.yaml'), written('flopscope.budgets.yaml').replace(from, to));
  };

  it('pass where the budgets hold', async () => {
    expect(await bash(stepNamed('Check budgets'))).toBe(0);
    expect(await bash(stepNamed('Check budgets, as JUnit'))).toBe(0);
    expect(written('s.md')).toContain('**flopscope: passed**');
    expect(written('flopscope.junit.xml')).toContain('failures="0"');
  });

  it('fail once where a limit does not hold, with a summary and a JUnit file that say so', async () => {
    change('params: 8.0M', 'params: 7.9M');
    expect(await bash(stepNamed('Check budgets'))).toBe(1);
    expect(await bash(stepNamed('Check budgets, as JUnit'))).toBe(0);
    expect(written('s.md')).toContain('**flopscope: failed**');
    expect(written('flopscope.junit.xml')).toContain('failures="1"');
  });

  it('fail both where the budgets file is wrong', async () => {
    change('params: 8.0M', 'parms: 8.0M');
    expect(await bash(stepNamed('Check budgets'))).toBe(2);
    expect(await bash(stepNamed('Check budgets, as JUnit'))).not.toBe(0);
  });
});

describe('docs/ci.md', () => {
  it('shows a budgets file that is read', () => {
    const [, text] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/ci.md', 'utf8'))!;
    expect(readBudgets(text!, 'ci.md').entries.map(({ name, limits }) => [name, limits.length])).toEqual([
      ['densenet121', 5],
      ['detector', 3],
    ]);
  });
});
