// Do the workflows that docs show fit the action, and does the action's own work do what it says? Its steps run here.

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBudgets } from '../../src/records/budgets/readBudgets.js';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: { readonly budgets: { readonly 'runs-on': string; readonly steps: readonly Step[] } };
}

const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));
const action = read('action.yml') as Action;
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** As package.json's repository says. */
const OURS = 'flopscope/flopscope';

describe('action.yml', () => {
  it('has the keys that GitHub demands of a composite action', () => {
    expect(Object.keys(action)).toEqual(['name', 'description', 'author', 'branding', 'inputs', 'outputs', 'runs']);
    expect(action.runs.using).toBe('composite');
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      expect(description).not.toBe('');
    for (const { uses, run, shell } of action.runs.steps) {
      expect((uses === undefined) !== (run === undefined)).toBe(true);
      if (run !== undefined) expect(shell).toBe('bash');
    }
  });

  it('runs scripts that are there, and gives them every input through the environment alone', () => {
    const runs = action.runs.steps.flatMap(({ run }) => run ?? []);
    for (const run of runs) {
      expect(run).not.toContain('${{');
      expect(existsSync(/\$GITHUB_ACTION_PATH\/([\w./-]+)/.exec(run)![1]!), run).toBe(true);
    }
    const used = action.runs.steps
      .flatMap(({ env = {}, with: given = {} }) => [...Object.values(env), ...Object.values(given)])
      .flatMap((text) => /inputs\.([\w-]+)/.exec(text)?.[1] ?? []);
    expect(used.sort()).toEqual(Object.keys(action.inputs).sort());
    const script = readFileSync('scripts/action/check.js', 'utf8') + readFileSync('scripts/action/install', 'utf8');
    for (const name of action.runs.steps.flatMap(({ env = {} }) => Object.keys(env))) expect(script).toContain(name);
  });
});

describe('docs/github-actions.yml', () => {
  const { on, permissions, jobs } = read('docs/github-actions.yml') as Workflow;

  it('calls the action of this repository, with inputs that it has', () => {
    expect(Object.keys(on)).toContain('pull_request');
    expect(permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    const { steps } = jobs.budgets;
    const own = steps.filter(({ uses }) => uses?.startsWith(`${OURS}@`));
    expect(own).toHaveLength(1);
    for (const name of Object.keys(own[0]!.with!)) expect(action.inputs).toHaveProperty(name);
    const text = readFileSync('docs/github-actions.yml', 'utf8');
    const outputs = [...text.matchAll(/steps\.(\w+)\.outputs\.(\w+)/g)];
    expect(outputs).not.toEqual([]);
    for (const [, id, name] of outputs) {
      expect(id).toBe(own[0]!.id);
      expect(action.outputs).toHaveProperty(name!);
    }
    for (const { uses = '' } of steps)
      expect(uses).toMatch(/^(actions\/(checkout|upload-artifact)@v\d+|flopscope\/.*)$/);
    expect(readFileSync('package.json', 'utf8')).toContain(`github.com/${OURS}.git`);
  });
});

describe('docs/gitlab-ci.yml', () => {
  const { flopscope } = read('docs/gitlab-ci.yml') as {
    flopscope: { script: readonly string[]; artifacts: { reports: { junit: string } }; variables: object };
  };

  it('builds with scripts that are there, and keeps the JUnit file that it writes', () => {
    const script = flopscope.script.join('\n');
    for (const [, path] of script.matchAll(/node (scripts\/\S+)/g)) expect(existsSync(path!)).toBe(true);
    for (const [, name] of script.matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty(name!);
    expect(script).toContain(`--format junit > ${flopscope.artifacts.reports.junit}`);
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

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
  readonly author_association: string;
}

describe('the step that checks', () => {
  let folder = '';
  let comments: Comment[] = [];
  let refuse = 0;
  let github: Server;
  let api = '';
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-ci-'));
    cpSync('fixtures/budgets', folder, { recursive: true });
    comments = [];
    refuse = 0;
    github = createServer((request, response) => {
      let sent = '';
      request.on('data', (text: Buffer) => (sent += text.toString()));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const answer = (status: number, data: unknown): void => {
          response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(data));
        };
        if (refuse !== 0 || headers.authorization !== 'Bearer secret') {
          answer(refuse || 401, { message: 'no' });
          return;
        }
        const { body = '' } = sent === '' ? {} : (JSON.parse(sent) as { body?: string });
        if (method === 'GET') {
          const page = Number(new URL(url, 'http://github').searchParams.get('page'));
          answer(200, comments.slice((page - 1) * 100, page * 100));
        } else if (method === 'POST') {
          comments.push({ id: comments.length + 1, body, user: { type: 'Bot' }, author_association: 'NONE' });
          answer(201, {});
        } else {
          comments.find(({ id }) => id === Number(url.split('/').at(-1)))!.body = body;
          answer(200, {});
        }
      });
    });
    await new Promise<void>((done) => github.listen(0, '127.0.0.1', done));
    api = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    github.close();
    rmSync(folder, { recursive: true });
  });

  const at = (path: string): string => join(folder, path);
  const written = (path: string): string => readFileSync(at(path), 'utf8');
  const change = (path: string, from: string, to: string): void => {
    writeFileSync(at(path), written(path).replace(from, to));
  };

  /** As GitHub runs the step: `node` in the workspace, with the event in a file. */
  const step = (
    env: NodeJS.ProcessEnv = {},
    event: object = { pull_request: { number: 7, base: { sha: 'HEAD' } } },
  ): Promise<{ readonly code: number; readonly out: string }> =>
    new Promise((done) => {
      mkdirSync(at('temp'), { recursive: true });
      writeFileSync(at('temp/event.json'), JSON.stringify(event));
      const child = execFile(
        process.execPath,
        [resolve('scripts/action/check.js')],
        {
          cwd: folder,
          env: {
            ...process.env,
            ...{ FLOPSCOPE_CLI: resolve('dist/cli.js'), FLOPSCOPE_TOKEN: 'secret', FLOPSCOPE_JUNIT: 'junit.xml' },
            ...{ GITHUB_API_URL: api, GITHUB_REPOSITORY: 'o/r', GITHUB_EVENT_PATH: at('temp/event.json') },
            ...{
              GITHUB_STEP_SUMMARY: at('temp/summary.md'),
              GITHUB_OUTPUT: at('temp/output'),
              RUNNER_TEMP: at('temp'),
            },
            ...env,
          },
        },
        (_, out) => {
          done({ code: child.exitCode ?? -1, out });
        },
      );
    });

  it('passes where the budgets hold: a summary, a JUnit file, one comment, and nothing new in the checkout', async () => {
    const before = readdirSync(folder);
    expect(await step()).toMatchObject({ code: 0 });
    expect(readdirSync(folder).filter((name) => name !== 'temp')).toEqual(before);
    expect(written('temp/summary.md')).toContain('**flopscope: passed**');
    expect(written('temp/junit.xml')).toContain('failures="0"');
    expect(written('temp/output')).toBe(
      `passed=true\nreport=${at('temp/flopscope.md')}\njunit=${at('temp/junit.xml')}\n`,
    );
    expect(written('temp/flopscope.md')).toBe(written('temp/summary.md').replace(/\n$/, ''));
    expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining('**flopscope: passed**')]);
  });

  it('fails where a limit does not hold, annotates its line, and changes its comment alone', async () => {
    // Others wrote 120 comments, and one of them pretends to be ours.
    const marker = '<!-- flopscope check flopscope.budgets.yaml -->';
    for (let id = 1; id <= 120; id++)
      comments.push({
        id,
        body: id === 3 ? `${marker}\nmine` : 'hello',
        user: { type: 'User' },
        author_association: 'NONE',
      });
    await step();
    change('flopscope.budgets.yaml', 'params: 8.0M', 'params: 7.9M');
    const { code, out } = await step();
    expect(code).toBe(1);
    const line =
      written('flopscope.budgets.yaml')
        .split('\n')
        .findIndex((text) => text.includes('7.9M')) + 1;
    expect(out).toContain(`::error file=flopscope.budgets.yaml,line=${line},col=`);
    expect(comments).toHaveLength(121);
    expect(comments[2]!.body).toBe(`${marker}\nmine`);
    expect(comments[120]!.body).toContain('**flopscope: failed**');
    expect(written('temp/junit.xml')).toContain('failures="1"');
    expect(written('temp/output')).toContain('passed=false\n');
  });

  it('ends with 2 where the budgets file is wrong, with the sentence at its line', async () => {
    change('flopscope.budgets.yaml', 'params: 8.0M', 'parms: 8.0M');
    const { code, out } = await step();
    expect(code).toBe(2);
    expect(out).toMatch(/^::error file=flopscope\.budgets\.yaml,line=5,col=\d+,title=flopscope check::.*parms/m);
    expect(comments[0]!.body).toContain('**flopscope: not checked**');
    expect(existsSync(at('temp/junit.xml'))).toBe(false);
    expect(written('temp/output')).not.toContain('junit=');
  });

  it('warns where it may not comment, and the check itself decides', async () => {
    refuse = 403;
    const { code, out } = await step();
    expect(code).toBe(0);
    expect(out).toContain(
      '::warning title=flopscope::the comment could not be written: GitHub answered 403: give the job',
    );
  });

  it('writes no comment outside of a pull request, or where it is not wanted', async () => {
    expect((await step({}, { ref: 'refs/heads/main' })).code).toBe(0);
    expect((await step({ FLOPSCOPE_COMMENT: 'false' })).code).toBe(0);
    expect(comments).toEqual([]);
  });

  it('adds what the pull request changed in a model, and says where it is new', async () => {
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'base');
    const base = git('rev-parse', 'HEAD').trim();
    change('nets/slim.yaml', 'growth: 32', 'growth: 40');
    cpSync(at('nets/slim.yaml'), at('nets/new.yaml'));
    const { code } = await step(
      { FLOPSCOPE_DIFF: 'nets/slim.yaml\n\n  nets/new.yaml' },
      { pull_request: { number: 7, base: { sha: base } } },
    );
    expect(code).toBe(1);
    const { body } = comments[0]!;
    expect(body).toContain('<summary>What changed in nets/slim.yaml</summary>');
    expect(body).toMatch(/\*\*total\*\*/);
    expect(body).not.toContain(base);
    expect(body).toMatch(/What changed in nets\/new\.yaml<\/summary>\n\nIt is new\.\n\n[^]*multiply-adds/);
  });

  it('takes more flags, and refuses a file that looks like one', async () => {
    expect((await step({ FLOPSCOPE_FLAGS: '--forbid dense-aggregation' })).code).toBe(1);
    expect((await step({ FLOPSCOPE_BUDGETS: '--update-baseline' })).code).toBe(2);
  });
});
