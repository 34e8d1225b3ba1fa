// The action's second step: checks the budgets, annotates their lines, and writes the report and the comment.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stickyComment } from './comment.js';

const {
  FLOPSCOPE_CLI: cli = '',
  FLOPSCOPE_BUDGETS: budgets = 'flopscope.budgets.yaml',
  FLOPSCOPE_DIFF: diff = '',
  FLOPSCOPE_FLAGS: flags = '',
  FLOPSCOPE_JUNIT: junit = '',
  FLOPSCOPE_COMMENT: comment = 'true',
  FLOPSCOPE_TOKEN: token = '',
  GITHUB_API_URL: api = 'https://api.github.com',
  GITHUB_EVENT_PATH: eventPath = '',
  GITHUB_REPOSITORY: repository = '',
  RUNNER_TEMP: temp = tmpdir(),
} = process.env;
const MOST_BYTES = 64 * 2 ** 20;
const BY_STAGE = ['--by', 'stage', '--format', 'markdown'];
/** Digits of a commit that are shown. */
const SHORT = 10;
/** Of a network that the check refuses, or a file that is wrong. */
const WRONG_INPUT = 2;

/** A name without a folder is in the runner's folder for temporary files: the checkout stays as it was. */
const junitPath = junit === '' ? '' : resolve(temp, junit);
const reportPath = join(temp, 'flopscope.md');

const event = existsSync(eventPath) ? JSON.parse(readFileSync(eventPath, 'utf8')) : {};
const more = flags.split(/\s+/).filter((flag) => flag !== '');
const checked = flopscope('check', '--format', 'markdown', ...more, '--', budgets);
const couldCheck = checked.status === 0 || checked.status === 1;
if (couldCheck) process.stdout.write(flopscope('check', '--format', 'github', ...more, '--', budgets).stdout);
else annotate(checked.stderr);
if (couldCheck && junitPath !== '') {
  mkdirSync(dirname(junitPath), { recursive: true });
  writeFileSync(junitPath, flopscope('check', '--format', 'junit', ...more, '--', budgets).stdout);
}

const verdict = couldCheck ? checked.stdout : `**flopscope: not checked**\n\n${quoted(checked.stderr)}\n`;
const report = [verdict, ...changes()].join('\n');
writeFileSync(reportPath, report);
append('GITHUB_STEP_SUMMARY', report);
const outputs = [`passed=${checked.status === 0}`, `report=${reportPath}`];
if (couldCheck && junitPath !== '') outputs.push(`junit=${junitPath}`);
append('GITHUB_OUTPUT', outputs.join('\n'));
if (comment === 'true' && event.pull_request !== undefined) await writeComment();
process.exitCode = couldCheck ? checked.status : WRONG_INPUT;

function flopscope(...args) {
  const run = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: MOST_BYTES });
  if (run.error) throw run.error;
  return run;
}

/** The sentence of an error begins with its place where it has one: "error: file:line:column: what". */
function annotate(said) {
  const text = lastLine(said);
  const [, file, line, column] = /^error: (.+?):(\d+):(\d+): /.exec(text) ?? [];
  const where = line === undefined ? '' : `file=${property(file)},line=${line},col=${column},`;
  console.log(`::error ${where}title=flopscope check::${data(text.replace(/^error: /, ''))}`);
}

/** One section for each model file: what the pull request changed in it. */
function changes() {
  const files = diff.split('\n').map((line) => line.trim());
  const base = event.pull_request?.base?.sha;
  if (base === undefined) return [];
  return files.filter((file) => file !== '').map((file) => section(file, changeOf(base, file)));
}

function changeOf(base, file) {
  // A clone of one commit does not have the base.
  if (spawnSync('git', ['cat-file', '-e', `${base}^{commit}`]).status !== 0)
    spawnSync('git', ['fetch', '--quiet', '--depth=1', 'origin', base], { stdio: 'inherit' });
  const { status, stdout, stderr } = flopscope('diff', ...BY_STAGE, '--', `${base}:${file}`, file);
  if (status === 0) return stdout.replaceAll(base, base.slice(0, SHORT));
  const added = /has no file/.test(stderr) && flopscope('profile', ...BY_STAGE, '--', file);
  return added && added.status === 0
    ? `It is new.\n\n${added.stdout}`
    : quoted(stderr.replaceAll(base, base.slice(0, SHORT)));
}

function section(file, text) {
  return `<details><summary>What changed in ${html(file)}</summary>\n\n${text}\n</details>\n`;
}

async function writeComment() {
  const marker = `<!-- flopscope check ${budgets.replaceAll(/[^\w./-]|--/g, '_')} -->`;
  const number = event.pull_request.number;
  const problem = await stickyComment({ api, repository, number, token, marker, body: report });
  if (problem !== undefined) console.log(`::warning title=flopscope::${data(problem)}`);
}

function append(file, text) {
  const path = process.env[file];
  if (path !== undefined && path !== '') appendFileSync(path, `${text}\n`);
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

/** As code, so that a name has no markup. */
function quoted(said) {
  return `\`${lastLine(said).replaceAll('`', "'")}\``;
}

function html(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** GitHub, "Workflow commands": the end of a line ends a command, and %XX is read. */
function data(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text) {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
