/**
 * A failure that a person can act on: its message says what happened and what to do next. It is printed
 * without a stack trace, which would only point into the set-up itself.
 */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/**
 * Ends the process with what went wrong. A SetupError speaks for itself; anything else is a fault of ours, and
 * there the stack is what helps.
 * @param {unknown} error
 * @returns {never}
 */
export function exitWith(error) {
  if (error instanceof SetupError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
