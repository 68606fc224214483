import type {
  WireConnection,
  WireOrganization,
  WireReference,
  WireUser,
} from "datadog-org-connections-core/api/wire.js";
import type { SandboxOrganization, SandboxUser } from "./seed.js";
import type { StoredConnection } from "./state-file.js";
import type { Store } from "./store.js";

/** A connection as list and create return it, with names (R). */
export function toWire(store: Store, row: StoredConnection): WireConnection {
  return connection(
    row,
    reference("orgs", row.sourceOrgId, store.organizationById(row.sourceOrgId)?.name),
    reference("orgs", row.sinkOrgId, store.organizationById(row.sinkOrgId)?.name),
    reference("users", row.createdBy.id, row.createdBy.name),
  );
}

/** A connection as update returns it: without the three names (R). */
export function toNamelessWire(row: StoredConnection): WireConnection {
  return connection(
    row,
    reference("orgs", row.sourceOrgId),
    reference("orgs", row.sinkOrgId),
    reference("users", row.createdBy.id),
  );
}

/** The organizations of these rows, then their users, each once (R). */
export function toIncluded(store: Store, rows: readonly StoredConnection[]): (WireOrganization | WireUser)[] {
  const organizationIds = new Set(rows.flatMap((row) => [row.sourceOrgId, row.sinkOrgId]));
  const users = new Map(rows.map((row) => [row.createdBy.id, row.createdBy]));
  return [
    ...[...organizationIds].flatMap((id) => {
      const organization = store.organizationById(id);
      return organization ? [toWireOrganization(organization)] : [];
    }),
    ...[...users.values()].map(toWireUser),
  ];
}

/** A user, with those of the recorded fields that somebody may ask for (R). */
export function toWireUser({ id, handle, email, name, serviceAccount }: SandboxUser): WireUser {
  return {
    type: "users",
    id,
    attributes: { handle, email, name, service_account: serviceAccount ?? false },
  };
}

/** An organization, with `null` where the recordings have it (R). */
export function toWireOrganization(organization: SandboxOrganization): WireOrganization {
  return {
    type: "orgs",
    id: organization.id,
    attributes: {
      name: organization.name,
      public_id: publicId(organization.id),
      description: null,
      disabled: organization.disabled,
      sharing: "none",
      url: null,
      created_at: "2024-01-15T09:00:00.000000+00:00",
      modified_at: null,
    },
  };
}

function connection(
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

function reference(type: "orgs" | "users", id: string, name?: string): WireReference {
  return { data: { type, id, ...(name !== undefined && { name }) } };
}

/** Short and, for the ids of the built-in seeds, nobody else's. */
function publicId(id: string): string {
  return id.slice(0, 2) + id.slice(9, 13) + id.slice(-6);
}
