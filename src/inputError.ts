// The error for a user's mistake. Its message is one sentence: what, where, what to do.

/** Wrong input or usage: the command line answers it with one line and exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
  /**
   * @param field the field whose value is at fault, where it is known
   * @param option the option of a reader (`ReadOptions`) that avoids the error, where there is one
   */
  constructor(
    message: string,
    readonly field?: string,
    readonly option?: 'allowUnknown',
  ) {
    super(message);
  }

  /** The same error with another sentence. */
  saying(message: string, field = this.field): InputError {
    return new InputError(message, field, this.option);
  }
}

/**
 * Prefixes an InputError's sentence with its place and sets `field`. Other errors pass unchanged.
 */
export function locate(error: unknown, place: string, field?: string): unknown {
  return error instanceof InputError ? error.saying(`${place}: ${error.message}`, field) : error;
}

/** Runs a step and returns its result. The sentence of its InputError begins with the place. */
export function located<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw locate(error, place);
  }
}
