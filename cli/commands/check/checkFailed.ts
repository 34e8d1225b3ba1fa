// The error of a failed check, which ends with exit code 1 after its result was printed.

export class CheckFailed extends Error {
  override name = 'CheckFailed';
}
