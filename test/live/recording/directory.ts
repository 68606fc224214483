import * as v from "valibot";
import type { Exchange } from "../gateway/exchange.js";

/** What the responses show of organizations, users and connections, with their real values. */
export interface Directory {
  /** In the order in which the API lists them. */
  organizations: Map<string, { name?: string; disabled?: boolean }>;
  users: Map<string, FoundUser>;
  connections: Map<string, FoundConnection>;
  /** How many organizations each organization sees. */
  visibleCounts: Map<string, number>;
}

interface FoundUser {
  name?: string;
  handle?: string;
  email?: string;
  serviceAccount?: boolean;
}

interface FoundConnection {
  sourceOrgId: string;
  sinkOrgId: string;
  createdById: string;
  createdAt: string;
  connectionTypes: string[];
  /** Whether the recording contains its create. */
  isCreated: boolean;
}

const lowerCase = v.pipe(v.string(), v.toLowerCase());
const reference = v.object({ data: v.object({ id: lowerCase, name: v.optional(v.string()) }) });
const connectionSchema = v.object({
  type: v.literal("org_connection"),
  id: lowerCase,
  attributes: v.object({ created_at: v.string(), connection_types: v.array(v.string()) }),
  relationships: v.object({ source_org: reference, sink_org: reference, created_by: reference }),
});
const organizationSchema = v.object({
  type: v.literal("orgs"),
  id: lowerCase,
  attributes: v.object({ name: v.string(), disabled: v.nullish(v.boolean()) }),
});
const userSchema = v.object({
  type: v.literal("users"),
  id: lowerCase,
  attributes: v.object({
    name: v.nullish(v.string()),
    handle: v.string(),
    email: v.string(),
    service_account: v.optional(v.boolean()),
  }),
});
const managedSchema = v.object({
  type: v.literal("managed_orgs"),
  id: lowerCase,
  relationships: v.object({ managed_orgs: v.object({ data: v.array(v.object({ id: lowerCase })) }) }),
});
const bodySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ data: v.unknown(), included: v.optional(v.array(v.unknown()), []) }),
);

/** Reads the directory from the successful responses. Rows of another shape are left out: a replay then shows the difference. */
export function readDirectory(exchanges: readonly Exchange[]): Directory {
  const directory: Directory = {
    organizations: new Map(),
    users: new Map(),
    connections: new Map(),
    visibleCounts: new Map(),
  };
  const successes = exchanges.filter(
    ({ status, path }) => status < 300 && !path.startsWith("/api/v2/application_keys"),
  );
  // The list of organizations first: its order is that of the account.
  const isAccountList = ({ path }: Exchange) =>
    path.startsWith("/api/v2/org") && !path.startsWith("/api/v2/org_");
  for (const exchange of [...successes.filter(isAccountList), ...successes]) addBody(directory, exchange);
  return directory;
}

function addBody(directory: Directory, { method, responseBody }: Exchange): void {
  const parsed = v.safeParse(bodySchema, responseBody);
  if (!parsed.success) return;
  const { data, included } = parsed.output;
  for (const row of [...included, data].flat()) {
    const organization = v.safeParse(organizationSchema, row);
    if (organization.success) {
      const { id, attributes } = organization.output;
      directory.organizations.set(id, { name: attributes.name, disabled: attributes.disabled ?? false });
    }
    const user = v.safeParse(userSchema, row);
    if (user.success) {
      const { name, handle, email, service_account: serviceAccount = false } = user.output.attributes;
      directory.users.set(user.output.id, { ...(name && { name }), handle, email, serviceAccount });
    }
    const managed = v.safeParse(managedSchema, row);
    if (managed.success) {
      const { id, relationships } = managed.output;
      // A filter shows fewer.
      const before = directory.visibleCounts.get(id) ?? 0;
      directory.visibleCounts.set(id, Math.max(before, relationships.managed_orgs.data.length));
    }
    const connection = v.safeParse(connectionSchema, row);
    if (connection.success) addConnection(directory, connection.output, method === "POST");
  }
}

function addConnection(
  { organizations, users, connections }: Directory,
  { id, attributes, relationships }: v.InferOutput<typeof connectionSchema>,
  isCreated: boolean,
): void {
  const { source_org: source, sink_org: sink, created_by: creator } = relationships;
  for (const { data } of [source, sink])
    organizations.set(data.id, {
      ...(data.name !== undefined && { name: data.name }),
      ...organizations.get(data.id),
    });
  users.set(creator.data.id, {
    ...(creator.data.name !== undefined && { name: creator.data.name }),
    ...users.get(creator.data.id),
  });
  if (connections.has(id)) return;
  connections.set(id, {
    sourceOrgId: source.data.id,
    sinkOrgId: sink.data.id,
    createdById: creator.data.id,
    createdAt: attributes.created_at,
    connectionTypes: attributes.connection_types,
    isCreated,
  });
}
