// flopscope check --init: writes a budgets file from what networks cost today.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { forAll, InputError } from '../../../src/inputError.js';
import { profileOf } from '../../../src/model.js';
import { modelNamed } from '../../../src/files/modelNamed.js';
import { networksBelow } from '../../../src/files/networksBelow.js';
import { budgetsText, type TodaysNetwork } from '../../../src/records/budgets/writeBudgets.js';
import type { Given } from '../../flags/givenFlags.js';
import type { Screen } from '../../screen.js';

export interface InitOptions {
  readonly model?: readonly string[];
  readonly allowUnknown: boolean;
  readonly given: Given;
}

const TAKES: readonly string[] = ['--init', '--model', '--allow-unknown', '--debug', '--quiet', '--no-color'];
const NAME_THEM = 'name networks with --model, as in flopscope check --init --model resnet50 --model nets/mine.onnx';

/**
 * Nothing is overwritten.
 * @throws InputError for a file that is there, flags of a check, and a folder without networks
 */
export async function initCommand(path: string, options: InitOptions, screen: Screen): Promise<void> {
  const other = options.given.find((flag) => !TAKES.includes(flag));
  if (other !== undefined) throw new InputError(`--init writes a file and checks nothing: leave out ${other}`);
  if (!/\.ya?ml$/i.test(path)) throw new InputError(`${path}: --init writes YAML: name a file with the ending .yaml`);
  if (existsSync(path))
    throw new InputError(`${path}: is there already, and --init overwrites nothing: name another file, or remove it`);
  const { networks, leftOut } = options.model
    ? { networks: await named(options.model, path, options), leftOut: [] }
    : await networksBelow(dirname(path), options, NAME_THEM);
  await written(path, budgetsText(networks, leftOut));
  for (const sentence of leftOut) screen.err(`${sentence}\n`);
  const costs = networks.length === 1 ? 'the network costs' : `the ${networks.length} networks cost`;
  screen.err(`${path}: limits are what ${costs} today; commit it, and flopscope check compares against it\n`);
  screen.err(
    'flopscope check --update-baseline writes their layers beside it: commit those too, and a check that fails names the layers that grew\n',
  );
}

const named = (names: readonly string[], path: string, options: InitOptions): Promise<readonly TodaysNetwork[]> =>
  forAll(names, async (name) => {
    const model = await modelNamed(name, options);
    const onDisk = existsSync(name);
    if (!onDisk && /[/\\.]/.test(name))
      throw new InputError(
        `--model ${name}: a budgets file names a built-in model, a detector on one, or a file on disk; name one of them`,
      );
    return { ...(onDisk ? { file: from(path, name) } : { model: name }), profile: profileOf(model) };
  });

/** As the budgets file names it: from its own folder. */
function from(path: string, name: string): string {
  const own = isAbsolute(name) ? name : relative(dirname(path), name);
  const plain = own.split(sep).join('/');
  return /\.[A-Za-z][A-Za-z0-9]*$|\//.test(plain) ? plain : `${plain}/`;
}

/** @throws InputError where it cannot be written, or was written meanwhile */
async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InputError(`${path}: cannot be written (${code}); choose another path`);
  }
}
