// What ends a set-up before it is done? Something on this machine or on its network that is not there; exit code 3.

/** One sentence: what could not be had, why, and what to do. */
export class SetupFailure extends Error {
  override name = 'SetupFailure';
}
