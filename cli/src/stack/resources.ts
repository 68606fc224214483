/**
 * The tool that a resource belongs to:
 * - `datadog-org-connections`: the dynamic resources of `pulumi-datadog-org-connections`
 * - `datadog-org-connections-plugin`: the plugin with the same resources
 * - `pulumi-datadog`: `@pulumi/datadog`
 * - `terraform`: the Datadog provider of Terraform and OpenTofu (`datadog_org_connection`)
 */
export type Tool =
  "datadog-org-connections" | "datadog-org-connections-plugin" | "pulumi-datadog" | "terraform";

/** The form of a resource: one connection, or a set of connections. */
export type ResourceForm = "single" | "set";

/** The kind of a resource. */
export interface ResourceKind {
  tool: Tool;
  form: ResourceForm;
}

/** A reference to a resource that manages connections. */
export interface ResourceRef extends ResourceKind {
  /** Where the resource is managed: a stack, as `project/stack`, or the name of a file with a Terraform state or plan. */
  location: string;
  /**
   * The unique address of the resource in `location`. In Pulumi, the URN. In Terraform, the address, such as
   * `module.teams["a"].datadog_org_connection.each["hub"]`. Empty if it cannot be read.
   */
  address: string;
  /** In Pulumi, the name of the resource in the program. In Terraform, the address. */
  name: string;
  /**
   * The URN of the provider. Set only for a resource of the plugin. Each provider runs in a separate process, which does not know
   * what other providers adopt.
   */
  provider?: string | undefined;
  /** The identity of a Terraform state. Only state files show it, so it is left out for `terraform show -json`. */
  lineage?: string | undefined;
}

/** Why a resource is reported as NOT READ. Messages print this after the location and the name of the resource. */
export const UNREADABLE_REASON =
  "the state does not show all connections of this resource (a secret, or a format that this version does not recognize)";

/** Returns a key that identifies a resource across all locations. */
export const getResourceKey = ({ location, address }: Pick<ResourceRef, "location" | "address">): string =>
  JSON.stringify([location, address]);

/** Selects the last item of each resource. */
export const selectOnePerResource = <T extends Pick<ResourceRef, "location" | "address">>(
  items: readonly T[],
): T[] => [...new Map(items.map((item) => [getResourceKey(item), item])).values()];

/**
 * Whether a resource is a dynamic resource or a resource of the plugin. Resources of other tools can adopt a connection only by an
 * import.
 */
export const isOwnTool = ({ tool }: Pick<ResourceKind, "tool">): boolean =>
  tool === "datadog-org-connections" || isPlugin({ tool });

/** Whether a resource belongs to the plugin. */
export const isPlugin = ({ tool }: Pick<ResourceKind, "tool">): boolean =>
  tool === "datadog-org-connections-plugin";

/**
 * Whether the same process manages both resources. Such a process retains a connection that one resource gives up and the other
 * resource adopts. Valid only for resources for which {@link isOwnTool} is true. For others, `true` proves nothing.
 */
export const isSameHost = (
  a: Pick<ResourceRef, "tool" | "location" | "provider">,
  b: Pick<ResourceRef, "tool" | "location" | "provider">,
): boolean => a.location === b.location && a.tool === b.tool && a.provider === b.provider;

/** Whether two references are to the same resource. */
export const isSameResource = (a: ResourceRef, b: ResourceRef): boolean =>
  a.location === b.location && a.address === b.address;

/**
 * Whether resources in different files may be one Terraform resource. For example, the state file and the output of
 * `terraform show -json` of one workspace have the same addresses. If the addresses are the same, only different lineages prove
 * that the resources are different.
 */
export const mayBeOneResource = ([first, ...others]: readonly ResourceRef[]): boolean => {
  const lineages = new Set([first, ...others].flatMap((one) => one?.lineage ?? []));
  return (
    first?.tool === "terraform" &&
    others.every(({ tool, address }) => tool === first.tool && address === first.address) &&
    lineages.size < 2
  );
};

/** What to do if several files may contain the same resource ({@link mayBeOneResource}). */
export const ONE_WORKSPACE_ADVICE =
  "If these files are of one workspace, pass only one of them. If they are of different workspaces and one workspace deletes a connection, the connection is deleted for all of them.";

/** Formats the location and the name of a resource for messages. */
export const formatResourceRef = ({ location, name }: Pick<ResourceRef, "location" | "name">): string =>
  `${location}: ${name}`;
