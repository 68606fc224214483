/** The exit codes of all commands. See docs/reference/command-line.md and `--help`. For a stopped command, see stop.ts. */
export const EXIT = {
  /** The command succeeded, and no other code applies. */
  ok: 0,
  /** The command failed. */
  failed: 1,
  /** Invalid usage, such as an unknown command, option or value. */
  usage: 2,
  /** `review`: there are changes. `destructive` and `violation` take precedence. */
  changes: 3,
  /** `review`: data stops or may stop being shared, or a connection is replaced. `violation` takes precedence. */
  destructive: 4,
  /** `review --policy`: a rule that is not in `warnOnly` is violated. */
  violation: 5,
  /** `inventory --fail-on`: a connection of a given kind was found. `doctor`: there is a problem. */
  findings: 6,
  /**
   * `inventory`, `map`, `discover`: something was not checked, not read or not verified. The output contains everything else.
   * `findings` takes precedence. `review`: the preview does not show everything that matters. `violation` and `destructive` take
   * precedence.
   */
  incomplete: 7,
} as const;
