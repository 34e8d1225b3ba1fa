// The part of a space that this process computes, by --shard or by Slurm's or Kubernetes' index.

import { InputError } from '../../../src/inputError.js';
import type { Shard } from '../../../src/sweep/space.js';

const WHOLE: Shard = { i: 1, n: 1 };
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param given "3/16", or undefined @param shards how many there are, where only the index comes
 * from the environment
 * @throws InputError for a shard that is none, and for an index without a count
 */
export function shardOf(
  given: string | undefined,
  shards: number | undefined,
  environment: Environment,
): Shard & { readonly from: string } {
  if (given !== undefined) return { ...parsed(given), from: '--shard' };
  const slurm = number(environment, 'SLURM_ARRAY_TASK_ID');
  if (slurm !== undefined) {
    const first = number(environment, 'SLURM_ARRAY_TASK_MIN') ?? 0;
    const step = number(environment, 'SLURM_ARRAY_TASK_STEP') || 1;
    const n = shards ?? number(environment, 'SLURM_ARRAY_TASK_COUNT');
    return { ...checked((slurm - first) / step + 1, n, 'SLURM_ARRAY_TASK_ID'), from: 'the Slurm array' };
  }
  const index = number(environment, 'JOB_COMPLETION_INDEX');
  if (index !== undefined) return { ...checked(index + 1, shards, 'JOB_COMPLETION_INDEX'), from: 'the Kubernetes job' };
  if (shards !== undefined)
    throw new InputError('--shards says how many shards there are, but not which one this is: use --shard i/n');
  return { ...WHOLE, from: '' };
}

function parsed(text: string): Shard {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { i: Number(i), n: Number(n) };
  if (i === undefined || !(shard.i >= 1 && shard.i <= shard.n))
    throw new InputError(`--shard ${text}: give i/n with i from 1 to n, as in --shard 3/16`);
  return shard;
}

function checked(i: number, n: number | undefined, variable: string): Shard {
  if (n === undefined)
    throw new InputError(
      `${variable} says which shard this is, but not how many there are: add --shards <n>, or --shard 1/1 for all`,
    );
  if (!(Number.isInteger(i) && i >= 1 && i <= n))
    throw new InputError(`${variable} makes this shard ${i} of ${n}: --shards must be the size of the array`);
  return { i, n };
}

function number(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
