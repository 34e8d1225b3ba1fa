// The error of a set-up that lacks something on this machine or its network; exit code 3.

/** One sentence that says what is missing, why, and what to do. */
export class SetupFailure extends Error {
  override name = 'SetupFailure';
}
