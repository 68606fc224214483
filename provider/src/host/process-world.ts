import type { dynamic } from "@pulumi/pulumi";
import { NAMESPACE, type ConfigReader } from "datadog-org-connections-core/credentials/settings.js";
import type { Parsed } from "datadog-org-connections-core/connection/one-input.js";
import type { World } from "datadog-org-connections-core/operation/world.js";
import { withoutUndefined } from "datadog-org-connections-core/api/defined.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { requireEngine } from "./engine-alive.js";
import { EngineWatch } from "./engine-watch.js";
import { printable } from "./printable-error.js";
import { encodeText, escapeInvisible } from "datadog-org-connections-core/api/invisible.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";

/** The world of one provider process, which lives for one engine operation: all its resources share it. */
export interface ProcessWorld extends World {
  configure(request: dynamic.ConfigureRequest): Promise<void>;
}

/** Makes the world of this process. */
export function processWorld(): ProcessWorld {
  let config: ConfigReader = () => undefined;
  // What the process writes to stderr shows in the user's output, names of old states and programs among it.
  const warn = (message: string) => void process.stderr.write(`${escapeInvisible(message)}\n`);
  const watch = new EngineWatch();
  const sessions = new Sessions(() => ({ config, env: process.env }), warn, {
    beforeWrite: requireEngine,
    trackWrite: (write, requestMs) => watch.track(write, requestMs),
  });
  /** By source, since a thousand resources ask for the same one. */
  const known = new Map<string | undefined, Session>();
  return {
    kept: new Map(),
    ended: new Set(),
    held: new Set(),
    claimedIds: new Map(),
    otherPairs: new Map(),
    adoptAll: () => process.env["DATADOG_ORG_CONNECTIONS_ADOPT"] === "true",
    session: (source) => {
      const session = known.get(source) ?? sessions.for(source);
      known.set(source, session);
      return session;
    },
    warn,
    checks: () => (config(`${NAMESPACE}:checks`) === "offline" ? "offline" : "online"),
    // Synchronous to its end: calls arrive while the process still waits for this promise.
    configure: (request) => {
      config = (key) => request.config.get(key);
      known.clear();
      // Only the engine's provider process is configured: a program that imports this package is never ended.
      watch.start();
      ignoreClosedStderr();
      return Promise.resolve();
    },
  };
}

/**
 * A killed engine closes the pipe that is this process's stderr. Without a listener the next warning would be an uncaught
 * error, which the SDK's host prints to the same pipe, which fails again: the process would never come to rest.
 */
function ignoreClosedStderr(): void {
  if (!process.stderr.listeners("error").includes(ignoreError)) process.stderr.on("error", ignoreError);
}

const ignoreError = (): void => undefined;

/** What the engine's host calls. A gone connection is a read without an id. */
export type DynamicHost = Omit<dynamic.ResourceProvider, "read"> &
  Required<Pick<dynamic.ResourceProvider, "configure" | "check" | "diff" | "update" | "delete">> & {
    read(id: string, props: unknown): Promise<dynamic.ReadResult>;
  };

/** Runs a call of the engine; its error is one that the engine may show. */
export async function guarded<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw printable(error, call);
  }
}

/** What check found, for the engine, which may print the failures: they repeat what a program has declared. */
export const checkResult = ({ wanted, failures }: Parsed<object>): dynamic.CheckResult => ({
  // Of invalid inputs the engine shows the failures only.
  ...(wanted && { inputs: withoutUndefined(wanted) }),
  failures: failures.map(({ property, reason }) => ({
    property: encodeText(property),
    reason: escapeInvisible(reason),
  })),
});
