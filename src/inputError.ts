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
  if (!(error instanceof InputError)) return error;
  const placed = (one: InputError): InputError => one.saying(`${place}: ${one.message}`, field);
  return error instanceof InputErrors ? new InputErrors(error.errors.map(placed)) : placed(error);
}

/** Runs a step and returns its result. The sentence of its InputError begins with the place. */
export function located<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw locate(error, place);
  }
}

/** Several mistakes of one input. Its message is the first one's, and says how many follow. */
export class InputErrors extends InputError {
  /**
   * @param errors at least one, in the order in which the user should mend them
   * @param many whether there are more, which were not counted
   */
  constructor(
    readonly errors: readonly InputError[],
    many = false,
  ) {
    const { message, field, option } = errors[0]!;
    const rest = many ? 'many' : errors.length - 1;
    super(rest === 0 ? message : `${message} (and ${rest} more)`, field, option);
  }
}

/** One error of several mistakes, of which there is at least one. */
export const together = (errors: readonly InputError[], many = false): InputError =>
  errors.length === 1 ? errors[0]! : new InputErrors(errors, many);

/**
 * Runs a step for each item, in order.
 * @throws InputErrors with the mistakes of all items; another error at once
 */
export async function forAll<T, R>(items: readonly T[], step: (item: T) => R | Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const errors: InputError[] = [];
  for (const item of items) {
    try {
      results.push(await step(item));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...mistakesOf(error));
    }
  }
  if (errors.length > 0) throw together(errors);
  return results;
}

/** Each mistake that an error holds. */
export const mistakesOf = (error: InputError): readonly InputError[] =>
  error instanceof InputErrors ? error.errors : [error];
