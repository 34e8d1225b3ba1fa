// Does a process know its share? From the flag, a Slurm array or an indexed Kubernetes job.

import { describe, expect, it } from 'vitest';
import { shardOf } from '../../../cli/commands/sweep/shard.js';

describe('the shard', () => {
  it.each([
    ['3/16', undefined, {}, 3, 16],
    [undefined, undefined, {}, 1, 1],
    [undefined, undefined, { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '4', SLURM_ARRAY_TASK_COUNT: '8' }, 2, 8],
    [
      undefined,
      undefined,
      { SLURM_ARRAY_TASK_ID: '6', SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_STEP: '2', SLURM_ARRAY_TASK_COUNT: '4' },
      4,
      4,
    ],
    [undefined, 4, { JOB_COMPLETION_INDEX: '0' }, 1, 4],
    ['1/1', 4, { JOB_COMPLETION_INDEX: '3' }, 1, 1],
  ])('%j with %j shards and %j is %i of %i', (given, shards, environment, i, n) => {
    expect(shardOf(given, shards, environment)).toMatchObject({ i, n });
  });

  it.each([
    ['0/4', undefined, {}, '--shard 0/4: give i/n'],
    ['5/4', undefined, {}, '--shard 5/4: give i/n'],
    ['half', undefined, {}, '--shard half: give i/n'],
    [undefined, 4, {}, 'but not which one this is'],
    [undefined, undefined, { JOB_COMPLETION_INDEX: '3' }, 'add --shards <n>'],
    [undefined, 3, { JOB_COMPLETION_INDEX: '3' }, 'makes this shard 4 of 3'],
  ])('%j with %j shards and %j is refused: %s', (given, shards, environment, message) => {
    expect(() => shardOf(given, shards, environment)).toThrow(message);
  });
});
