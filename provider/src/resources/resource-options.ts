import type * as pulumi from "@pulumi/pulumi";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { DELETE_BEFORE_REPLACE, DEPENDS_ON_OTHERS } from "datadog-org-connections-core/connection/check.js";
import { SET_TYPE, SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import { CustomResource } from "./sdk.js";

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
    options?.parent?.getProvider("datadog:index:OrgConnection") !== undefined
  ) {
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `${resource} inherits a provider of the package datadog from its parent, but cannot use it. ` +
        `Without \`source\`, it would use the default credentials.`,
      advice,
    });
  }
}
