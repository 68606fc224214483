import type * as pulumi from "@pulumi/pulumi";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { parseIgnoredSink } from "datadog-org-connections-core/connection-set/fields.js";
import { DELETE_BEFORE_REPLACE, DEPENDS_ON_OTHERS } from "datadog-org-connections-core/connection/check.js";
import { SET_TYPE, SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import { isTrue } from "./declared-pairs.js";
import { isPlainObject } from "./program-inputs.js";
import { CustomResource, output, Resource } from "./sdk.js";

/** Reports the resource options that check needs, and that the engine does not pass to it, as internal inputs. */
export const collectOptions = (options: pulumi.CustomResourceOptions | undefined) => ({
  ...(options?.deleteBeforeReplace === true && { [DELETE_BEFORE_REPLACE]: true }),
  ...(hasOtherDependency(options?.dependsOn) && { [DEPENDS_ON_OTHERS]: true }),
});

/** Whether a resource depends on one that is not of this package, or may do so: a dependency may be a Promise or an Output. */
function hasOtherDependency(dependsOn: pulumi.CustomResourceOptions["dependsOn"]): boolean {
  if (!dependsOn) return false;
  const dependencies: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return !dependencies.every(isOwnResource);
}

const isOwnResource = (value: unknown): boolean =>
  CustomResource.isInstance(value) &&
  [SINGLE_TYPE, SET_TYPE].includes((value as { __pulumiType?: string }).__pulumiType ?? "");

/** Refuses resource options that do not work for a dynamic resource. @throws `invalid-input` */
export function refuseUnsupportedOptions(
  resource: string,
  source: unknown,
  options: pulumi.CustomResourceOptions | undefined,
): void {
  refuseImport(resource, options);
  refuseProvider(resource, source, options);
}

/**
 * Refuses the `import` option: the engine would read the connection without the input `__provider`, which is the code that loads
 * this package (core/src/host/provider-lines.ts). Then the provider process would fail with an error about its own code and a stack trace.
 */
function refuseImport(resource: string, options: pulumi.CustomResourceOptions | undefined): void {
  // The SDK treats an empty ID as absent.
  if (!options?.import) return;
  throw new OrgConnectionsError("invalid-input", {
    happened: `${resource}: the resource option \`import\` is not supported.`,
    advice:
      "To adopt the existing connection, set `adopt: true` in the arguments instead. To add many connections to the " +
      "state without a request to Datadog, use `pulumi import --file` with the file that `datadog-org-connections discover " +
      "--format import` writes.",
  });
}

/**
 * Refuses a `provider` option: Pulumi gives dynamic resources their own provider, so the option would have no effect, and the
 * connection would be created with the default credentials. A provider inherited from a component is refused unless
 * `source` is set.
 */
function refuseProvider(
  resource: string,
  source: unknown,
  options: pulumi.CustomResourceOptions | undefined,
): void {
  const advice = `You cannot select the provider of a dynamic resource. Set \`source\` to the name of the organization that shares its data.`;
  if (
    options?.provider !== undefined ||
    (options as pulumi.ComponentResourceOptions | undefined)?.providers !== undefined
  ) {
    throw new OrgConnectionsError("invalid-input", {
      happened: `${resource}: the options \`provider\` and \`providers\` are not supported, because a dynamic resource has its own provider.`,
      advice: "Remove the option, and set `source` to the name of the organization that shares its data.",
    });
  }
  if (
    (source ?? undefined) === undefined &&
    Resource.isInstance(options?.parent) &&
    options.parent.getProvider("datadog:index:OrgConnection") !== undefined
  ) {
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `${resource} inherits a provider of the package datadog from its parent, but cannot use it. ` +
        `Without \`source\`, it would use the default credentials.`,
      advice,
    });
  }
}

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
