// The error of a failed check, which ends with exit code 1 after its result was printed. Its
// message is the verdict, or empty where the result has said it.

export class CheckFailed extends Error {
  override name = 'CheckFailed';
}
