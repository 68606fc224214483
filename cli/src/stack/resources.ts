/**
 * The tool that a resource belongs to: the dynamic resources of `pulumi-datadog-org-connections`, the plugin with the same
 * resources, `@pulumi/datadog`, or the Datadog provider of Terraform and OpenTofu (`datadog_org_connection`).
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
  /** Where it is managed: the stack, as `project/stack`, or the name of the file of a Terraform state or plan. */
  location: string;
  /**
   * Its unique address in that location: the URN, or the address in Terraform, such as
   * `module.teams["a"].datadog_org_connection.each["hub"]`. Empty if it cannot be read.
   */
  address: string;
  /** Its name in the program. In Terraform, its address. */
  name: string;
  /**
   * For a resource of the plugin: the URN of its provider. Each provider runs in a separate process, which does not know what the
   * processes of other providers adopt.
   */
  provider?: string | undefined;
  /** The identity of a Terraform state. Only state files show it, so it is left out for `terraform show -json`. */
  lineage?: string | undefined;
}

/** Why a resource is reported as NOT READ. Messages print this after the location and the name of the resource. */
export const UNREADABLE_REASON =
  "the state does not show all connections of this resource (a secret, or a format that this version does not recognize)";

/** Returns a key that identifies a resource among those of all locations. */
export const getResourceKey = ({ location, address }: Pick<ResourceRef, "location" | "address">): string =>
  JSON.stringify([location, address]);

/**
 * Whether a resource is of this repository: a dynamic resource or a resource of the plugin. Only these resources can adopt a
 * connection. If one of them adopts a connection that another one gives up, and the same process manages both ({@link isSameHost}), the
 * connection stays live.
 */
export const isOwnTool = ({ tool }: Pick<ResourceKind, "tool">): boolean =>
  tool === "datadog-org-connections" || isPlugin({ tool });

/** Whether a resource is of the plugin. */
export const isPlugin = ({ tool }: Pick<ResourceKind, "tool">): boolean =>
  tool === "datadog-org-connections-plugin";

/**
 * Whether the same process manages both resources. If so, the process retains a connection that one resource gives up and the other
 * adopts. Valid only for resources of this repository ({@link isOwnTool}): for others, this compares only the tool and the location.
 */
export const isSameHost = (
  a: Pick<ResourceRef, "tool" | "location" | "provider">,
  b: Pick<ResourceRef, "tool" | "location" | "provider">,
): boolean => a.location === b.location && a.tool === b.tool && a.provider === b.provider;

/** Whether two references are to the same resource. */
export const isSameResource = (a: ResourceRef, b: ResourceRef): boolean =>
  getResourceKey(a) === getResourceKey(b);

/**
 * Whether these resources of different files may be one resource, because the files may be of one workspace: the state file and
 * `terraform show -json` of a workspace have the same addresses. If the addresses are the same, only different lineages prove that the
 * resources are different.
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
