// Arguments of flopscope completion.

import { Argument, type Command } from 'commander';
import type { Screen } from '../../screen.js';
import { SHELLS, type Shell } from './shells.js';

export function declareCompletion(root: Command, screen: Screen): void {
  root
    .command('completion')
    .description('a script with which your shell completes commands, options, their values and model names')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(SHELLS))
    .addHelpText(
      'after',
      `
Set it up once:
  bash: flopscope completion bash > ~/.local/share/bash-completion/completions/flopscope
  zsh:  flopscope completion zsh > "\${fpath[1]}/_flopscope"
  fish: flopscope completion fish > ~/.config/fish/completions/flopscope.fish`,
    )
    .action(async (shell: Shell) => {
      (await import('./action.js')).completion(shell, root, screen);
    });
}
