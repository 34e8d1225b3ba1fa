// What should a reader know of layers that the host timed? Of short ones the wait is the larger part.

export const HOST_CLOCK = "the host's clock: a wait for the device is in the time of every layer";
