import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { programConfig, refusePlainKeys } from "../resources/program-guard.js";
import { warn } from "../resources/sdk.js";

const sessions = new Sessions(
  () => ({ config: programConfig, env: process.env }),
  (message) => void warn(message),
  // One moment: a program sees one listing, however long it runs.
  { now: () => 0 },
);

/** The session in which a program looks things up; all look-ups of a process share it, so each question is asked once. */
export function programSession(source: string | undefined): Session {
  refusePlainKeys();
  return sessions.for(source);
}
