/** What the exit code of every command says. Documented in the README and in `--help`. */
export const EXIT = {
  /** Done; nothing was found that the command looks for. */
  ok: 0,
  /** It could not be done. */
  failed: 1,
  /** Called wrongly: an unknown command, option or value. */
  usage: 2,
  /** `review`: there are changes, none of which stops sharing. */
  changes: 3,
  /** `review`: sharing stops or may stop, or a connection is made anew. */
  destructive: 4,
  /** `review --policy`: a rule is violated. */
  violation: 5,
  /** `inventory --fail-on`, `doctor`: something was found. */
  found: 6,
  /** `inventory`, `map`, `discover`: an organization, or a resource in a state, could not be read. What was seen is shown. */
  incomplete: 7,
} as const;
