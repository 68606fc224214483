import { deviate, changeConnections, changeResponses, omitFields } from "./deviation.js";
import type { WireConnection, WireReference } from "datadog-org-connections-core/api/wire.js";

const CONNECTION_ROUTES = ["listConnections", "createConnection", "updateConnection"] as const;

/** What all responses, and all connections in them, have in common. */
export const responseDeviations = {
  "json-content-type": deviate(
    "Every response has the content type `text/plain`.",
    changeResponses((response) => ({
      ...response,
      headers: { ...response.headers, "Content-Type": "text/plain" },
    })),
  ),
  "error-body": deviate(
    "An error is an object with `title` and `detail`.",
    changeResponses((response) =>
      response.status < 400
        ? undefined
        : { ...response, body: { errors: listMessages(response.body).map(toObject) } },
    ),
  ),
  "connection-type": deviate(
    "It is `org_connections`.",
    changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, type: "org_connections" })),
  ),
  "connection-id": deviate(
    "It is in upper case.",
    changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, id: row.id.toUpperCase() })),
  ),
  "connection-created-at": deviate(
    "It has milliseconds and `Z`.",
    changeConnections(CONNECTION_ROUTES, (row) => ({
      ...row,
      attributes: { ...row.attributes, created_at: `${row.attributes.created_at.slice(0, 23)}Z` },
    })),
  ),
  "connection-source": deviate(
    "A connection has no `source_org`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "source_org")),
  ),
  "connection-sink": deviate(
    "A connection has no `sink_org`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "sink_org")),
  ),
  "connection-creator": deviate(
    "A connection has no `created_by`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "created_by")),
  ),
  "connection-references": deviate(
    "They refer to the types `org` and `user`.",
    changeConnections(CONNECTION_ROUTES, (row) => ({
      ...row,
      relationships: Object.fromEntries(
        Object.entries(row.relationships).map(([name, reference]: [string, WireReference]) => [
          name,
          { data: { ...reference.data, type: reference.data.type.slice(0, -1) } },
        ]),
      ),
    })),
  ),
};

function omitRelationship(row: WireConnection, name: string): unknown {
  return { ...row, relationships: omitFields(row.relationships, name) };
}

const listMessages = (body: unknown): string[] => (body as { errors?: string[] }).errors ?? [];

const toObject = (detail: string) => ({ title: "Error", detail });
