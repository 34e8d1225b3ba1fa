// The note on layers that the host timed: of short ones the wait is the larger part.

export const HOST_CLOCK = "the host's clock: a wait for the device is in the time of every layer";
