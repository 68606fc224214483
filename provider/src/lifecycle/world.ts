import type { Session } from "./session.js";

/** What the lifecycle needs from the host that runs it. */
export interface World {
  /**
   * The session of an organization, the same for the same keys during one operation. Throws when there are no keys
   * for the name; makes no request.
   */
  session(source: string | undefined): Session;
  /**
   * Why an id must not be deleted in this operation, by id: it was taken over, or another resource holds it. Without
   * this a rename, a swap of two sinks and a forced replacement would each end sharing that the program declares.
   */
  readonly kept: Map<string, string>;
  /** Shows a line to the user, without failing. */
  warn(message: string): void;
  /** Whether check may look at the API and the keys: `datadog-org-connections:checks`. */
  checks(): "online" | "offline";
}
