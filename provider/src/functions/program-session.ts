import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { readProgramConfig, requireValidConfiguration } from "../resources/program-guard.js";
import { warn } from "../resources/sdk.js";

const sessions = new Sessions(
  () => ({ config: readProgramConfig, env: process.env }),
  (message) => void warn(message),
  // With a constant time, listings never expire: a program sees a single listing, however long it runs.
  { now: () => 0 },
);

/** Returns the session for a program's functions. All functions of a process share it, so each request is sent once. */
export function getProgramSession(source: string | undefined): Session {
  requireValidConfiguration();
  return sessions.getSession(source);
}
