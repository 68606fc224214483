import * as v from "valibot";
import { matchRoute } from "../../../sandbox/src/route-match.js";
import type { Exchange } from "../gateway/gateway.js";
import { CREDENTIAL_PARTS, type FoundIdentity, readParts } from "./credentials.js";
import type { ConnectionFixture, IdentityFixture, OrganizationFixture, UserFixture } from "./recording.js";
import type { Replacer } from "./replacer.js";

/** Which permission a call needs that gets 403. */
const PERMISSIONS: Partial<Record<string, string>> = {
  listConnections: "org_connections_read",
  createConnection: "org_connections_write",
  updateConnection: "org_connections_write",
  deleteConnection: "org_connections_write",
  listApplicationKeys: "org_app_keys_read",
};

/** Describes the identities of a recording. Their organization is that of their tokens. */
export function describeIdentities(
  identities: readonly FoundIdentity[],
  exchanges: readonly Exchange[],
  findKey: (credential: string) => string | undefined,
): IdentityFixture[] {
  return identities.map(({ key, accessTokens }) => {
    const organization = accessTokens.map(findKey).find((found) => found !== undefined);
    const isOwn = (exchange: Exchange) => accessTokens.includes(readParts(exchange)?.token ?? "");
    return {
      key,
      ...(organization !== undefined && { organization }),
      scopes: listPermissions(exchanges.filter(isOwn)),
    };
  });
}

/** Describes the organizations and the existing connections of a recording, with replaced values. */
export function describeSeed(
  directory: Directory,
  exchanges: readonly Exchange[],
  owners: ReadonlyMap<string, string>,
  replacer: Replacer,
): { organizations: OrganizationFixture[]; connections: ConnectionFixture[] } {
  const ids = [...directory.organizations.keys()];
  const createKey = (id: string): string => `organization-${ids.indexOf(id) + 1}`;
  const describeUser = (id: string): UserFixture => {
    const {
      name = "",
      handle = `${id}@example.com`,
      email = handle,
      serviceAccount = false,
    } = directory.users.get(id) ?? {};
    const [newHandle, newEmail, newName] = [handle, email, name].map((value) => replacer.replace(value));
    return {
      id: replacer.replace(id),
      handle: newHandle ?? "",
      email: newEmail ?? "",
      name: newName ?? "",
      serviceAccount,
    };
  };
  const connections = [...directory.connections.values()];
  return {
    organizations: ids.map((id) => {
      const { name = "", disabled = false } = directory.organizations.get(id) ?? {};
      const creator = connections.find(
        ({ sourceOrgId, isCreated }) => isCreated && sourceOrgId === id,
      )?.createdById;
      return {
        key: createKey(id),
        id: replacer.replace(id),
        name: replacer.replace(name),
        disabled,
        permissions: listPermissions(exchanges.filter((exchange) => isOwnRequest(exchange, id, owners))),
        listsAllOrganizations: (directory.visibleCounts.get(id) ?? 1) > 1,
        ...(creator !== undefined && { user: describeUser(creator) }),
      };
    }),
    connections: connections
      .filter(({ isCreated }) => !isCreated)
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
      .map(({ sourceOrgId, sinkOrgId, createdById, connectionTypes }) => ({
        source: createKey(sourceOrgId),
        sink: createKey(sinkOrgId),
        connectionTypes,
        createdBy: describeUser(createdById),
      })),
  };
}

/** Lists all permissions except those of the calls that got 403. */
function listPermissions(exchanges: readonly Exchange[]): string[] {
  const missing = new Set(
    exchanges
      .filter(({ status }) => status === 403)
      .map(({ method, path }) => PERMISSIONS[matchRoute(method, path.split("?")[0] ?? "")?.route ?? ""]),
  );
  return [...new Set(Object.values(PERMISSIONS))].flatMap((permission) =>
    permission === undefined || missing.has(permission) ? [] : [permission],
  );
}

/** Whether all credentials of a request belong to an organization. */
function isOwnRequest(exchange: Exchange, id: string, owners: ReadonlyMap<string, string>): boolean {
  const parts = readParts(exchange);
  const values = CREDENTIAL_PARTS.flatMap((part) => parts?.[part] ?? []);
  // One key alone is refused whatever the permissions are.
  return values.length > 0 && (parts?.apiKey === undefined) === (parts?.appKey === undefined)
    ? values.every((value) => owners.get(value) === id)
    : false;
}

/** What the responses show of organizations, users and connections, with their real values. */
interface Directory {
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
