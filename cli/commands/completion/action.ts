// flopscope completion: writes a completion script for a shell, from the table of commands.

import type { Command } from 'commander';
import { builtInNames } from '../../../src/builtIn.js';
import type { Screen } from '../../screen.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import type { Shell } from './shells.js';
import { wordsOf } from './words.js';
import { zshScript } from './zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

export function completion(shell: Shell, root: Command, screen: Screen): void {
  screen.out(SCRIPTS[shell](wordsOf(root), builtInNames()));
}
