import type {
  WireConnection,
  WireOrganization,
  WireReference,
  WireUser,
} from "datadog-org-connections-core/api/wire.js";
import type { SandboxOrganization } from "./organizations.js";
import type { StoredConnection } from "./state-file.js";
import type { Store } from "./store.js";
import type { SandboxUser } from "./seed.js";

/** Converts a connection to the recorded form of list and create, with names. */
export function toWireConnection(store: Store, row: StoredConnection): WireConnection {
  return createWireConnection(
    row,
    createReference("orgs", row.sourceOrgId, store.findOrganizationById(row.sourceOrgId)?.name),
    createReference("orgs", row.sinkOrgId, store.findOrganizationById(row.sinkOrgId)?.name),
    createReference("users", row.createdBy.id, row.createdBy.name),
  );
}

/** Converts a connection to the recorded form of update, without the three names. */
export function toWireConnectionWithoutNames(row: StoredConnection): WireConnection {
  return createWireConnection(
    row,
    createReference("orgs", row.sourceOrgId),
    createReference("orgs", row.sinkOrgId),
    createReference("users", row.createdBy.id),
  );
}

/** Returns the `included` rows as recorded: the organizations of these connections, then their creators, each once. */
export function toIncluded(store: Store, rows: readonly StoredConnection[]): (WireOrganization | WireUser)[] {
  const organizationIds = new Set(rows.flatMap((row) => [row.sourceOrgId, row.sinkOrgId]));
  const users = new Map(rows.map((row) => [row.createdBy.id, row.createdBy]));
  return [
    ...[...organizationIds].flatMap((id) => {
      const organization = store.findOrganizationById(id);
      return organization ? [toWireOrganization(organization)] : [];
    }),
    ...[...users.values()].map(toWireUser),
  ];
}

/** Converts a user, with those recorded fields that a client may need. */
export function toWireUser({ id, handle, email, name, serviceAccount }: SandboxUser): WireUser {
  return {
    type: "users",
    id,
    attributes: { handle, email, name, service_account: serviceAccount ?? false },
  };
}

/** Converts an organization, with the recorded `null` values. */
export function toWireOrganization(organization: SandboxOrganization): WireOrganization {
  return {
    type: "orgs",
    id: organization.id,
    attributes: {
      name: organization.name,
      public_id: createPublicId(organization.id),
      description: null,
      disabled: organization.disabled,
      sharing: "none",
      url: null,
      created_at: "2024-01-15T09:00:00.000000+00:00",
      modified_at: null,
    },
  };
}

function createWireConnection(
  row: StoredConnection,
  source: WireReference,
  sink: WireReference,
  creator: WireReference,
): WireConnection {
  return {
    type: "org_connection",
    id: row.id,
    attributes: { created_at: row.createdAt, connection_types: [...row.connectionTypes] },
    relationships: { source_org: source, sink_org: sink, created_by: creator },
  };
}

function createReference(type: "orgs" | "users", id: string, name?: string): WireReference {
  return { data: { type, id, ...(name !== undefined && { name }) } };
}

/** Creates a short ID that is unique within the built-in seeds. */
function createPublicId(id: string): string {
  return id.slice(0, 2) + id.slice(9, 13) + id.slice(-6);
}
