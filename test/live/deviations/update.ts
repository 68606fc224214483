import type { WireConnection } from "datadog-org-connections-core/api/wire.js";
import {
  deviate,
  changeBody,
  changeConnections,
  changeRefusal,
  changeRequestBodies,
  changeStatus,
  type CreateDeviation,
  type DeviationCall,
  isRoute,
} from "./deviation.js";
import { describeTypes, parseTypes, replaceTypes } from "./request-body.js";

const isUpdate = isRoute("updateConnection");

/** What an update returns, and which updates are refused. */
export const updateDeviations = {
  "update-status": deviate("It gets 202.", changeStatus("updateConnection", 202)),
  "update-body": deviate(
    "It is empty.",
    changeBody("updateConnection", () => ({})),
  ),
  "update-without-names": deviate(
    "It has names.",
    changeConnections("updateConnection", (row) => ({
      ...row,
      relationships: Object.fromEntries(
        Object.entries(row.relationships).map(([name, reference]: [string, { data: object }]) => [
          name,
          { data: { ...reference.data, name } },
        ]),
      ),
    })),
  ),
  "update-response-types": deviate(
    "It has none.",
    changeConnections("updateConnection", (row: WireConnection) => ({
      ...row,
      attributes: { ...row.attributes, connection_types: [] },
    })),
  ),
  "update-replaces-types": deviate(
    "It adds to them.",
    changeRequestBodies(isUpdate, ({ body, match, store }) => {
      const types = parseTypes(body);
      const isPlain = ["documented", "unknown"].includes(describeTypes(body));
      const current = store.findConnection(match.connectionId)?.connectionTypes ?? [];
      return isPlain && types ? replaceTypes(body, [...new Set([...current, ...types])]) : false;
    }),
  ),
  "update-keeps-creation": deviate("`created_at` is the time of the update.", updateCreationTimes()),
  "update-unknown-type": deviate(
    "It gets 400.",
    changeRequestBodies(isUpdate, ({ body }) => describeTypes(body) === "unknown" && replaceTypes(body, [])),
  ),
  "update-repeated-type-status": deviate(
    "The repeated type counts once.",
    changeRequestBodies(
      isUpdate,
      ({ body }) => describeTypes(body) === "repeated" && replaceTypes(body, [...new Set(parseTypes(body))]),
    ),
  ),
  "update-repeated-type-message": deviate(
    "It is `Bad request`.",
    changeRefusal((call) => isUpdate(call) && describeTypes(call.body) === "repeated", 400, {
      message: "Bad request",
    }),
  ),
  "update-types-checked": deviate(
    "It gets 422.",
    changeRefusal(
      (call) => isUpdate(call) && ["empty", "malformed"].includes(describeTypes(call.body)),
      400,
      { status: 422 },
    ),
  ),
  "update-id-in-body": deviate(
    "The id in the body has no effect.",
    changeRequestBodies(isUpdate, ({ body, match }) => {
      const { data } = (body ?? {}) as { data?: object };
      return data ? { data: { ...data, id: match.connectionId } } : false;
    }),
  ),
  "update-missing-status": deviate(
    "It gets 410.",
    changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, { status: 410 }),
  ),
  "update-missing-message": deviate(
    "It is `Not found`.",
    changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, { message: "Not found" }),
  ),
  "update-by-sink": deviate(
    "It gets 403.",
    changeRefusal((call) => isUpdate(call) && isKnown(call) && isEnd(call), 404, { status: 403 }),
  ),
  "update-by-other": deviate(
    "It gets 403.",
    changeRefusal((call) => isUpdate(call) && isKnown(call) && !isEnd(call), 404, { status: 403 }),
  ),
};

const isKnown = ({ store, match }: DeviationCall): boolean =>
  store.findConnection(match.connectionId) !== undefined;

/** Whether the caller is the source or the destination of the connection. */
export function isEnd({ store, match, caller }: DeviationCall): boolean {
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
