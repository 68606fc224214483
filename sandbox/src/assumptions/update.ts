import type { WireConnection } from "datadog-org-connections-core/api/wire.js";
import { defineAssumption } from "./assumption.js";
import {
  changeBody,
  changeConnections,
  changeRefusal,
  changeRequests,
  changeStatus,
  type CreateDeviation,
  type DeviationCall,
} from "./deviation.js";
import { describeTypes, parseTypes, replaceTypes } from "./request-body.js";

/** What an update returns, and which updates are refused. */
export const updateAssumptions = [
  defineAssumption(
    "update-status",
    "published",
    "An update gets the status 200.",
    "It gets 202.",
    changeStatus("updateConnection", 202),
  ),
  defineAssumption(
    "update-body",
    "published",
    "The response to an update has the connection in `data`.",
    "It is empty.",
    changeBody("updateConnection", () => ({})),
  ),
  defineAssumption(
    "update-without-names",
    "recorded",
    "The response to an update has none of the three names that a list has.",
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
  defineAssumption(
    "update-response-types",
    "recorded",
    "The response to an update has the new types.",
    "It has none.",
    changeConnections("updateConnection", (row: WireConnection) => ({
      ...row,
      attributes: { ...row.attributes, connection_types: [] },
    })),
  ),
  defineAssumption(
    "update-replaces-types",
    "recorded",
    "An update replaces the types of the connection.",
    "It adds to them.",
    changeUpdate(({ body, match, store }) => {
      const types = parseTypes(body);
      const isPlain = ["documented", "unknown"].includes(describeTypes(body));
      const current = store.findConnection(match.connectionId)?.connectionTypes ?? [];
      return isPlain && types ? replaceTypes(body, [...new Set([...current, ...types])]) : false;
    }),
  ),
  defineAssumption(
    "update-keeps-creation",
    "recorded",
    "An update keeps `created_at`.",
    "`created_at` is the time of the update.",
    updateCreationTimes(),
  ),
  defineAssumption(
    "update-unknown-type",
    "assumed",
    "An update to a type that is not documented is allowed.",
    "It gets 400.",
    changeUpdate(({ body }) => describeTypes(body) === "unknown" && replaceTypes(body, [])),
  ),
  defineAssumption(
    "update-repeated-type-status",
    "recorded",
    "An update with a repeated type gets 400.",
    "The repeated type counts once.",
    changeUpdate(
      ({ body }) => describeTypes(body) === "repeated" && replaceTypes(body, [...new Set(parseTypes(body))]),
    ),
  ),
  defineAssumption(
    "update-repeated-type-message",
    "recorded",
    "The message for an update with a repeated type is `Validation failed for input.`",
    "It is `Bad request`.",
    changeRefusal((call) => isUpdate(call) && describeTypes(call.body) === "repeated", 400, {
      message: "Bad request",
    }),
  ),
  defineAssumption(
    "update-types-checked",
    "assumed",
    "An update with an empty or malformed set of types gets 400.",
    "It gets 422.",
    changeRefusal(
      (call) => isUpdate(call) && ["empty", "malformed"].includes(describeTypes(call.body)),
      400,
      { status: 422 },
    ),
  ),
  defineAssumption(
    "update-id-in-body",
    "assumed",
    "An update whose body has another id than its path gets 400.",
    "The id in the body has no effect.",
    changeUpdate(({ body, match }) => {
      const { data } = (body ?? {}) as { data?: object };
      return data ? { data: { ...data, id: match.connectionId } } : false;
    }),
  ),
  defineAssumption(
    "update-missing-status",
    "recorded",
    "An update of a connection that does not exist gets 404.",
    "It gets 410.",
    changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, { status: 410 }),
  ),
  defineAssumption(
    "update-missing-message",
    "recorded",
    "The message for an update without a connection is `Org connection with id:ID not found not found`.",
    "It is `Not found`.",
    changeRefusal((call) => isUpdate(call) && !isKnown(call), 404, { message: "Not found" }),
  ),
  defineAssumption(
    "update-by-sink",
    "assumed",
    "An update with the credentials of the destination gets 404.",
    "It gets 403.",
    changeRefusal((call) => isUpdate(call) && isKnown(call) && isEnd(call), 404, { status: 403 }),
  ),
  defineAssumption(
    "update-by-other",
    "assumed",
    "An update with the credentials of an organization that takes no part gets 404.",
    "It gets 403.",
    changeRefusal((call) => isUpdate(call) && isKnown(call) && !isEnd(call), 404, { status: 403 }),
  ),
];

function isUpdate({ match }: DeviationCall): boolean {
  return match.route === "updateConnection";
}

const isKnown = ({ store, match }: DeviationCall): boolean =>
  store.findConnection(match.connectionId) !== undefined;

/** Whether the caller is the source or the destination of the connection. */
export function isEnd({ store, match, caller }: DeviationCall): boolean {
  const row = store.findConnection(match.connectionId);
  return [row?.sourceOrgId, row?.sinkOrgId].includes(caller.organization?.id);
}

/** Creates a deviation that changes the bodies of updates. `change` returns false to leave a body as it is. */
function changeUpdate(change: (call: DeviationCall) => unknown): CreateDeviation {
  return changeRequests((call) => {
    const body = isUpdate(call) && change(call);
    return body === false ? undefined : { body };
  });
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
