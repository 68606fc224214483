/** Derives from a state what the sandbox must contain, so that the state is true. */
import * as v from "valibot";
import type { SeedOrganization } from "../../sandbox/src/index.js";
import { getProviderName, isOwnResource, type StackResource } from "./stack-state.js";
import { DEFAULT_KEY, type ExistingConnection, type SandboxContent } from "./start-sandbox.js";

/** A connection in a state. */
export interface StateConnection extends ExistingConnection {
  /** How the program has it. An undeclared connection belongs to an exclusive set, which deletes it. */
  role: "managed" | "reference" | "undeclared";
  /** The name of the source organization: in the program, or that of the provider. */
  sourceKey: string;
  sourceOrgName: string;
  /** Missing for an undeclared connection. */
  sinkOrgName?: string | undefined;
}

const text = v.string();
const liveFields = { createdAt: text, createdBy: text, sinkOrgName: text };
const sourceFields = { source: v.optional(text), sourceOrgId: text, sourceOrgName: text };
// These are the formats that the versions wrote. They do not follow the schemas of the code, which the recordings test.
const singleSchema = v.object({
  ...sourceFields,
  ...liveFields,
  sinkOrgId: text,
  connectionTypes: v.array(text),
});
const setSchema = v.object({
  ...sourceFields,
  connections: v.record(text, v.array(text)),
  members: v.record(text, v.object({ ...liveFields, id: text })),
  undeclared: v.optional(v.record(text, text), {}),
});
const idSchema = text;

/** The creation time of an undeclared connection, which is not in the state. */
const UNDECLARED_CREATED_AT = "2026-02-01T00:00:00.000000+00:00";

/** Lists the connections of a state. */
export const listStateConnections = (resources: readonly StackResource[]): StateConnection[] =>
  resources.filter(isOwnResource).flatMap((resource) => {
    const outputs = resource.outputs;
    return "members" in outputs ? listSetConnections(resource) : [toSingleConnection(resource)];
  });

function toSingleConnection(resource: StackResource): StateConnection {
  const { source, ...outputs } = v.parse(singleSchema, resource.outputs);
  const role = resource.external ? "reference" : "managed";
  return { ...outputs, id: v.parse(idSchema, resource.id), role, sourceKey: getSourceKey(resource, source) };
}

function listSetConnections(resource: StackResource): StateConnection[] {
  const { source, connections, members, undeclared, ...organization } = v.parse(setSchema, resource.outputs);
  const common = { ...organization, sourceKey: getSourceKey(resource, source) };
  const getTypes = (sink: string) => connections[sink] ?? [];
  return [
    ...Object.entries(members).map(([sink, member]): StateConnection => ({
      ...common,
      ...member,
      role: "managed",
      sinkOrgId: sink,
      connectionTypes: getTypes(sink),
    })),
    ...Object.entries(undeclared).map(([sink, id]): StateConnection => ({
      ...common,
      id,
      role: "undeclared",
      sinkOrgId: sink,
      connectionTypes: getTypes(sink),
      createdAt: UNDECLARED_CREATED_AT,
    })),
  ];
}

/** Programs give a provider of their own the name of its organization. */
function getSourceKey(resource: StackResource, source: string | undefined): string {
  const provider = getProviderName(resource);
  return source ?? (provider === "default" ? DEFAULT_KEY : provider);
}

/** Derives the organizations and the connections of the sandbox. */
export function deriveContent(resources: readonly StackResource[]): SandboxContent {
  const connections = listStateConnections(resources);
  const organizations = new Map<string, SeedOrganization>();
  for (const { sinkOrgId: id, sinkOrgName: name } of connections) {
    // The state has no destination name of an undeclared connection, but another connection may have it.
    if (name !== undefined || !organizations.has(id))
      organizations.set(id, { key: `sink-${id}`, id, name: name ?? id });
  }
  for (const { sourceOrgId: id, sourceOrgName: name, sourceKey: key } of connections) {
    organizations.set(id, { key, id, name });
  }
  return {
    organizations: [...organizations.values()],
    connections: connections.map(({ id, sourceOrgId, sinkOrgId, connectionTypes, createdAt, createdBy }) => ({
      id,
      sourceOrgId,
      sinkOrgId,
      connectionTypes,
      createdAt,
      createdBy,
    })),
  };
}
