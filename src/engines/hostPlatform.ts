// What engines share that compute within the call, on this machine's processor.

import { hostHeap } from './hostHeap.js';
import { timeOnHost, type Platform } from './platform.js';

const nothingToAwait = (): Promise<void> => Promise.resolve();

/** The shared part of their platform, as of the moment when an engine is opened. */
export const insideTheCall = () =>
  ({
    maxTensorBytes: null,
    heap: hostHeap(),
    traits: { padsMaxPool: true, cheapLaunches: true },
    clock: 'host',
    flush: () => undefined,
    finish: nothingToAwait,
    time: (pieces) => timeOnHost(pieces, nothingToAwait),
    allocated: () => null,
    allocatedIs: 'not known: tensors of this engine are memory of this process',
    trim: () => undefined,
    close: nothingToAwait,
  }) satisfies Partial<Platform>;
