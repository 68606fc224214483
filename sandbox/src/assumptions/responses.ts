import { defineAssumption } from "./assumption.js";
import { changeConnections, changeResponses, omitFields } from "./deviation.js";
import type { WireConnection, WireReference } from "datadog-org-connections-core/api/wire.js";

const CONNECTION_ROUTES = ["listConnections", "createConnection", "updateConnection"] as const;

/** What all responses, and all connections in them, have in common. */
export const responseAssumptions = [
  defineAssumption(
    "json-content-type",
    "published",
    "Every response has the content type `application/json`.",
    "Every response has the content type `text/plain`.",
    changeResponses((response) => ({
      ...response,
      headers: { ...response.headers, "Content-Type": "text/plain" },
    })),
  ),
  defineAssumption(
    "error-body",
    "recorded",
    'A refused request gets the body `{"errors":["text"]}`.',
    "An error is an object with `title` and `detail`.",
    changeResponses((response) =>
      response.status < 400
        ? undefined
        : { ...response, body: { errors: listMessages(response.body).map(toObject) } },
    ),
  ),
  defineAssumption(
    "connection-type",
    "recorded",
    "The `type` of a connection is `org_connection`.",
    "It is `org_connections`.",
    changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, type: "org_connections" })),
  ),
  defineAssumption(
    "connection-id",
    "recorded",
    "The id of a connection is a UUID in lower case.",
    "It is in upper case.",
    changeConnections(CONNECTION_ROUTES, (row) => ({ ...row, id: row.id.toUpperCase() })),
  ),
  defineAssumption(
    "connection-created-at",
    "recorded",
    "`created_at` has microseconds and the offset `+00:00`.",
    "It has milliseconds and `Z`.",
    changeConnections(CONNECTION_ROUTES, (row) => ({
      ...row,
      attributes: { ...row.attributes, created_at: `${row.attributes.created_at.slice(0, 23)}Z` },
    })),
  ),
  defineAssumption(
    "connection-source",
    "recorded",
    "A connection has the relationship `source_org`, with the UUID of its source organization.",
    "A connection has no `source_org`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "source_org")),
  ),
  defineAssumption(
    "connection-sink",
    "recorded",
    "A connection has the relationship `sink_org`, with the UUID of its destination organization.",
    "A connection has no `sink_org`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "sink_org")),
  ),
  defineAssumption(
    "connection-creator",
    "recorded",
    "A connection has the relationship `created_by`, with the UUID of a user.",
    "A connection has no `created_by`.",
    changeConnections(CONNECTION_ROUTES, (row) => omitRelationship(row, "created_by")),
  ),
  defineAssumption(
    "connection-references",
    "published",
    "The relationships refer to the types `orgs` and `users`.",
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
];

function omitRelationship(row: WireConnection, name: string): unknown {
  return { ...row, relationships: omitFields(row.relationships, name) };
}

const listMessages = (body: unknown): string[] => (body as { errors?: string[] }).errors ?? [];

const toObject = (detail: string) => ({ title: "Error", detail });
