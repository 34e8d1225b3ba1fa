// What ends with exit code 1? A check whose answer is no: its result has been printed, and one sentence says so.

export class CheckFailed extends Error {
  override name = 'CheckFailed';
}
