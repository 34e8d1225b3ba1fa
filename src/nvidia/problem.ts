// Why nvidia-smi did not answer: it is not installed, or it cannot be started.

export const MISSING = 'nvidia-smi is not on the PATH';

export const problemOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? MISSING : `nvidia-smi cannot be started: ${message}`;
