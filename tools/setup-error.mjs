/**
 * A failure that the user can fix. Its message says what happened and what to do next. It is printed without
 * a stack trace, which would only show set-up code.
 */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/**
 * Prints the error and exits. Of a SetupError, only the message is printed. Any other error is a bug and is
 * printed with its stack trace.
 * @param {unknown} error
 * @returns {never}
 */
export function exitWithError(error) {
  if (error instanceof SetupError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
