import type * as pulumi from "@pulumi/pulumi";
import { encodeText } from "datadog-org-connections-core/api/escape-text.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { parseIgnoredSink } from "datadog-org-connections-core/connection-set/fields.js";
import { isPlainObject } from "./copy-value.js";
import { isTrue } from "./declared-pairs.js";
import { output } from "./sdk.js";

/** The arguments of a set that decide whether an ignored connection is undeclared and would be deleted. */
interface ExclusiveArgs {
  connections: pulumi.Input<object>;
  exclusive?: pulumi.Input<boolean>;
}

/**
 * Refuses an exclusive set whose option `ignoreChanges` covers undeclared connections. The SDK does not pass the option to the provider,
 * which would delete them. After a refresh, they are old inputs, with which the engine replaces ignored inputs: the set would then
 * declare them without `adopt`. Returns `exclusive`, which reports the error once its value is known.
 *
 * @throws `invalid-input`
 */
export function refuseIgnoredConnections(
  resource: string,
  { connections, exclusive }: ExclusiveArgs,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Input<boolean> | undefined {
  const path = findIgnoredPath(connections, options?.ignoreChanges);
  if (path === undefined || exclusive === undefined) return exclusive;
  const refuse = (known: boolean): boolean => {
    if (!isTrue(known)) return known;
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `${resource} is exclusive, and the resource option \`ignoreChanges\` contains "${encodeText(path)}". The SDK does not ` +
        `pass this option to a dynamic provider, so the set would still delete undeclared connections.`,
      advice: "Remove the path from `ignoreChanges`, or omit `exclusive`. The plugin supports both together.",
    });
  };
  return typeof exclusive === "object" ? output(exclusive).apply(refuse) : refuse(exclusive);
}

/** Finds a path that covers a connection which is certainly not declared. JavaScript programs can pass anything. */
function findIgnoredPath(connections: unknown, ignored: unknown): string | undefined {
  if (!Array.isArray(ignored)) return undefined;
  const declared = isPlainObject(connections)
    ? Object.keys(connections as object).map((sink) => sink.trim().toLowerCase())
    : undefined;
  return ignored
    .filter((path) => typeof path === "string")
    .find((path) => {
      const sink = parseIgnoredSink(path);
      return sink === "*" || (sink !== undefined && declared !== undefined && !declared.includes(sink));
    });
}
