/** The exit codes of all commands, except of stopped ones (stop.ts). Documented in docs/reference/command-line.md and in `--help`. */
export const EXIT = {
  /** The command succeeded, and no other code applies. */
  ok: 0,
  /** The command failed. */
  failed: 1,
  /** Invalid usage, such as an unknown command, option or value. */
  usage: 2,
  /** `review`: there are changes, and none of them stops sharing data. */
  changes: 3,
  /** `review`: data stops or may stop being shared, or a connection is replaced. */
  destructive: 4,
  /** `review --policy`: a rule is violated. */
  violation: 5,
  /** `inventory --fail-on`, `doctor`: there are findings. */
  findings: 6,
  /** `inventory`, `map`, `discover`: something was not checked, not read or not verified. The output has the rest. */
  incomplete: 7,
} as const;
