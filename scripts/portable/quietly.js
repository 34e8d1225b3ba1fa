// Did a program of the system do its work? True, or false where it failed or is not there.

import { spawnSync } from 'node:child_process';

export const quietly = (command, args, folder = '.') =>
  spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status === 0;
