// Why is there no answer from nvidia-smi? Most machines have none; else it cannot be started.

export const MISSING = 'nvidia-smi is not on the PATH';

export const problemOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? MISSING : `nvidia-smi cannot be started: ${message}`;
