import type { WireConnection } from "datadog-org-connections-core/api/wire.js";
import * as v from "valibot";
import {
  changeBody,
  changeConnections,
  changeRefusal,
  changeRequestBodies,
  changeResponses,
  changeStatus,
  type CreateDeviation,
  type DeviationCall,
  isRoute,
  refuse,
} from "./deviation.js";
import { omitNames } from "./read-deviations.js";

const isCreate = isRoute("createConnection");

/** What a create returns. */
export const createDeviations = {
  "create-status": changeStatus("createConnection", 201),
  "create-body": changeBody("createConnection", (body) => ({ data: [(body as { data: unknown }).data] })),
  "create-names": changeConnections("createConnection", omitNames),
  "create-types": changeConnections("createConnection", (row: WireConnection) => ({
    ...row,
    attributes: { ...row.attributes, connection_types: row.attributes.connection_types.slice(0, 1) },
  })),
  "create-default-types": changeRequestBodies(
    isCreate,
    (call) => describeTypes(call.body) === "none" && replaceTypes(call.body, ["logs", "metrics"]),
  ),
  "create-unknown-type": changeRequestBodies(
    isCreate,
    (call) => describeTypes(call.body) === "unknown" && replaceTypes(call.body, ["not a type"]),
  ),
  "create-new-id": createSameIds(),
};

/** Which creates are refused. */
export const createRefusalDeviations = {
  "create-existing-status": changeRefusal(isCreate, 409, { status: 400 }),
  "create-existing-message": changeRefusal(isCreate, 409, { message: "Conflict" }),
  "create-malformed-sink": changeRefusal(
    (call) => isCreate(call) && parseSinkId(call.body)?.length !== 36,
    404,
    { status: 400 },
  ),
  "create-unknown-sink": changeRefusal(
    (call) => isCreate(call) && parseSinkId(call.body)?.length === 36,
    404,
    { status: 403 },
  ),
  "create-own-organization": changeRefusal(
    (call) => isCreate(call) && parseSinkId(call.body) === call.caller.organization?.id,
    400,
    {
      status: 409,
    },
  ),
  "create-repeated-type-status": changeRequestBodies(
    isCreate,
    (call) =>
      describeTypes(call.body) === "repeated" && replaceTypes(call.body, [...new Set(parseTypes(call.body))]),
  ),
  "create-repeated-type-message": changeRefusal(
    (call) => isCreate(call) && describeTypes(call.body) === "repeated",
    400,
    {
      message: "Bad request",
    },
  ),
  "create-types-checked": changeRequestBodies(
    isCreate,
    (call) => ["empty", "malformed"].includes(describeTypes(call.body)) && replaceTypes(call.body, undefined),
  ),
};

/** Lets a pair that is connected again have the id of its first connection. */
function createSameIds(): CreateDeviation {
  return () => {
    const ids = new Map<string, string>();
    return (call, proceed) => {
      const { store } = call;
      const before = store.connections;
      const outcome = proceed();
      const added = isCreate(call) ? store.connections.find((row) => !before.includes(row)) : undefined;
      if (!added || "kind" in outcome) return outcome;
      const pair = `${added.sourceOrgId} ${added.sinkOrgId}`;
      const id = ids.get(pair) ?? added.id;
      ids.set(pair, id);
      store.replaceConnections(store.connections.map((row) => (row === added ? { ...row, id } : row)));
      const body = outcome.body as { data: WireConnection };
      return { ...outcome, body: { data: { ...body.data, id } } };
    };
  };
}

const isUpdate = isRoute("updateConnection");

/** What an update returns, and which updates are refused. */
export const updateDeviations = {
  "update-status": changeStatus("updateConnection", 202),
  "update-body": changeBody("updateConnection", () => ({})),
  "update-without-names": changeConnections("updateConnection", (row) => ({
    ...row,
    relationships: Object.fromEntries(
      Object.entries(row.relationships).map(([name, reference]: [string, { data: object }]) => [
        name,
        { data: { ...reference.data, name } },
      ]),
    ),
  })),
  "update-response-types": changeConnections("updateConnection", (row: WireConnection) => ({
    ...row,
    attributes: { ...row.attributes, connection_types: [] },
  })),
  "update-replaces-types": changeRequestBodies(isUpdate, ({ body, match, store }) => {
    const types = parseTypes(body);
    const isPlain = ["documented", "unknown"].includes(describeTypes(body));
    const current = store.findConnection(match.connectionId)?.connectionTypes ?? [];
    return isPlain && types ? replaceTypes(body, [...new Set([...current, ...types])]) : false;
  }),
  "update-keeps-creation": updateCreationTimes(),
  "update-unknown-type": changeRequestBodies(
    isUpdate,
    ({ body }) => describeTypes(body) === "unknown" && replaceTypes(body, []),
  ),
  "update-repeated-type-status": changeRequestBodies(
    isUpdate,
    ({ body }) => describeTypes(body) === "repeated" && replaceTypes(body, [...new Set(parseTypes(body))]),
  ),
  "update-repeated-type-message": changeRefusal(
    (call) => isUpdate(call) && describeTypes(call.body) === "repeated",
    400,
    {
      message: "Bad request",
    },
  ),
  "update-types-checked": changeRefusal(
    (call) => isUpdate(call) && ["empty", "malformed"].includes(describeTypes(call.body)),
    400,
    { status: 422 },
  ),
  "update-id-in-body": changeRequestBodies(isUpdate, ({ body, match }) => {
    const { data } = (body ?? {}) as { data?: object };
    return data ? { data: { ...data, id: match.connectionId } } : false;
  }),
  "update-missing-status": changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, { status: 410 }),
  "update-missing-message": changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, {
    message: "Not found",
  }),
  "update-by-sink": changeRefusal((call) => isUpdate(call) && isKnown(call) && isEnd(call), 404, {
    status: 403,
  }),
  "update-by-other": changeRefusal((call) => isUpdate(call) && isKnown(call) && !isEnd(call), 404, {
    status: 403,
  }),
};

const isKnown = ({ store, match }: DeviationCall): boolean =>
  store.findConnection(match.connectionId) !== undefined;

/** Whether the caller is the source or the destination of the connection. */
function isEnd({ store, match, caller }: DeviationCall): boolean {
  const row = store.findConnection(match.connectionId);
  return [row?.sourceOrgId, row?.sinkOrgId].includes(caller.organization?.id);
}

/** Lets an update set the time of creation. */
function updateCreationTimes(): CreateDeviation {
  return () => (call, proceed) => {
    const outcome = proceed();
    const { store, match } = call;
    if (!isUpdate(call) || "kind" in outcome || outcome.status !== 200) return outcome;
    const createdAt = `${new Date().toISOString().slice(0, 23)}999+00:00`;
    store.replaceConnections(
      store.connections.map((row) => (row.id === match.connectionId ? { ...row, createdAt } : row)),
    );
    const body = outcome.body as { data: WireConnection };
    const attributes = { ...body.data.attributes, created_at: createdAt };
    return { ...outcome, body: { data: { ...body.data, attributes } } };
  };
}

const isDelete = isRoute("deleteConnection");

/** What a delete returns, and which deletes are refused. */
export const deleteDeviations = {
  "delete-status": changeResponses(
    (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
    isDelete,
  ),
  "delete-body": changeBody("deleteConnection", () => ({ data: null })),
  "delete-by-sink": refuse(
    (call) => isDelete(call) && isEnd(call) && getSource(call) !== call.caller.organization?.id,
    404,
    "Not found",
  ),
  "delete-by-other": changeRefusal(
    (call) => isDelete(call) && getSource(call) !== undefined && !isEnd(call),
    404,
    {
      status: 403,
    },
  ),
  "delete-malformed-id-status": changeRefusal(isDelete, 400, { status: 404 }),
  "delete-malformed-id-message": changeRefusal(isDelete, 400, { message: "Bad request" }),
  "delete-missing-status": changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, {
    status: 410,
  }),
  "delete-missing-message": changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, {
    message: "Not found",
  }),
  "connection-id-case": refuse(({ match }) => match.requestedId !== match.connectionId, 404, "Not found"),
};

const getSource = ({ store, match }: DeviationCall): string | undefined =>
  store.findConnection(match.connectionId)?.sourceOrgId;

const typesBodySchema = v.object({
  data: v.looseObject({ attributes: v.looseObject({ connection_types: v.unknown() }) }),
});
const bodySchema = v.looseObject({ data: v.looseObject({}) });
const sinkBodySchema = v.object({
  data: v.object({
    relationships: v.object({ sink_org: v.object({ data: v.object({ id: v.string() }) }) }),
  }),
});
const stringsSchema = v.array(v.string());

/** The types of the OpenAPI specification. */
const DOCUMENTED_TYPES = ["logs", "metrics", "audit"];

/** Finds the types in the body of a create or an update, of any form. Returns `undefined` if it has none. */
function findTypes(body: unknown): unknown {
  const parsed = v.safeParse(typesBodySchema, body);
  return parsed.success ? (parsed.output.data.attributes.connection_types ?? undefined) : undefined;
}

/** Parses the types in the body of a create or an update. Returns `undefined` if it has none, or they are malformed. */
function parseTypes(body: unknown): string[] | undefined {
  const parsed = v.safeParse(stringsSchema, findTypes(body));
  return parsed.success ? parsed.output : undefined;
}

/** Describes the types in the body of a create or an update. */
function describeTypes(
  body: unknown,
): "none" | "malformed" | "empty" | "repeated" | "unknown" | "documented" {
  const types = parseTypes(body);
  if (!types) return findTypes(body) === undefined ? "none" : "malformed";
  if (types.length === 0) return "empty";
  if (types.some((type) => !/^[a-z_]+$/.test(type))) return "malformed";
  if (new Set(types).size < types.length) return "repeated";
  return types.every((type) => DOCUMENTED_TYPES.includes(type)) ? "documented" : "unknown";
}

/** Returns the body with other types, or without types. */
function replaceTypes(body: unknown, types: readonly string[] | undefined): unknown {
  const parsed = v.safeParse(bodySchema, body);
  if (!parsed.success) return body;
  const attributes = types === undefined ? {} : { connection_types: types };
  return { ...parsed.output, data: { ...parsed.output.data, attributes } };
}

/** Parses the destination in the body of a create. */
function parseSinkId(body: unknown): string | undefined {
  const parsed = v.safeParse(sinkBodySchema, body);
  return parsed.success ? parsed.output.data.relationships.sink_org.data.id : undefined;
}
