import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { readProgramConfig, requireValidConfiguration } from "../resources/program-guard.js";
import { createPerRun } from "../resources/create-per-run.js";
import { warn } from "../resources/sdk.js";

const getSessions = createPerRun(
  () =>
    new Sessions(
      // Programs that this process starts, such as DD_OIDC_TOKEN_COMMAND, must not get the decrypted configuration.
      () => ({ config: readProgramConfig, env: { ...process.env, PULUMI_CONFIG: undefined } }),
      (message) => void warn(message),
      // With a constant time, listings never expire: a program sees a single listing, however long it runs.
      { now: () => 0 },
    ),
);

/** Returns the session for a program's functions. All functions of a run share it, so each request is sent once. */
export function getProgramSession(source: string | undefined): Session {
  requireValidConfiguration();
  return getSessions().getSession(source);
}
