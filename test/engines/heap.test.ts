// Is it known how much memory is left before the system ends the process without a word?

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomBeside } from '../../src/engines/heap.js';
import { bytesLeft, hostHeap, type MachineMemory } from '../../src/engines/hostHeap.js';

const GIB = 2 ** 30;
const MACHINE: MachineMemory = { platform: 'linux', total: 24 * GIB, free: 20 * GIB, constrained: 0, own: GIB };

describe('bytesLeft', () => {
  it.each<[string, Partial<MachineMemory>, number]>([
    ['what the machine has free', {}, 20],
    ['no more where others took the rest', { free: 3 * GIB }, 3],
    ['what a container has left', { constrained: 4 * GIB }, 3],
    ['the machine where the container may have more than is there', { constrained: 22 * GIB, free: 2 * GIB }, 2],
    ['the machine where nothing constrains, as Node says it on some systems', { constrained: 2 ** 64 }, 20],
    ['nothing where the container is full', { constrained: GIB, own: 2 * GIB }, 0],
    ['a share of all on macOS, which counts caches as taken', { platform: 'darwin', free: GIB / 8 }, 0.8 * 24 - 1],
  ])('is %s', (_, around, gib) => {
    expect(bytesLeft({ ...MACHINE, ...around }) / GIB).toBeCloseTo(gib, 12);
  });

  it('is never more than the machine has, nor less than nothing', () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (total, free, constrained, own) => {
        const around = { platform: 'linux', total, free: Math.min(free, total), constrained, own } as const;
        const left = bytesLeft(around);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(total);
      }),
    );
  });
});

it('a host heap keeps room for scratch and copies of weights', () => {
  const heap = hostHeap({ usable: 0.5, weightCopies: 3 }, MACHINE);
  expect(heap).toMatchObject({ name: "this machine's free 20.0 GiB", limit: 20 * GIB });
  expect(roomBeside(heap, GIB)).toBe(0.5 * (20 - 3) * GIB);
});
