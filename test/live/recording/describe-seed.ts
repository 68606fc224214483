import { matchRoute } from "../../../sandbox/src/route-match.js";
import type { Exchange } from "../gateway/exchange.js";
import type { Directory } from "./directory.js";
import type { FoundIdentity } from "./identities.js";
import type { ConnectionFixture, IdentityFixture, OrganizationFixture, UserFixture } from "./recording.js";
import type { Replacer } from "./replacer.js";
import { CREDENTIAL_PARTS, readParts } from "./sent-credentials.js";

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
