import type { WireConnection } from "datadog-org-connections-core/api/wire.js";
import {
  deviate,
  changeBody,
  changeConnections,
  changeRefusal,
  changeRequestBodies,
  changeStatus,
  type CreateDeviation,
  isRoute,
} from "./deviation.js";
import { omitNames } from "./list.js";
import { describeTypes, parseSinkId, parseTypes, replaceTypes } from "./request-body.js";

const isCreate = isRoute("createConnection");

/** What a create returns. */
export const createDeviations = {
  "create-status": deviate("It gets 201.", changeStatus("createConnection", 201)),
  "create-body": deviate(
    "`data` is a list of one connection.",
    changeBody("createConnection", (body) => ({ data: [(body as { data: unknown }).data] })),
  ),
  "create-names": deviate("It has no names.", changeConnections("createConnection", omitNames)),
  "create-types": deviate(
    "It has only the first one.",
    changeConnections("createConnection", (row: WireConnection) => ({
      ...row,
      attributes: { ...row.attributes, connection_types: row.attributes.connection_types.slice(0, 1) },
    })),
  ),
  "create-default-types": deviate(
    "It shares `logs` and `metrics`.",
    changeRequestBodies(
      isCreate,
      (call) => describeTypes(call.body) === "none" && replaceTypes(call.body, ["logs", "metrics"]),
    ),
  ),
  "create-unknown-type": deviate(
    "It gets 400.",
    changeRequestBodies(
      isCreate,
      (call) => describeTypes(call.body) === "unknown" && replaceTypes(call.body, ["not a type"]),
    ),
  ),
  "create-new-id": deviate("It gets the id that it had before.", createSameIds()),
};

/** Which creates are refused. */
export const createRefusalDeviations = {
  "create-existing-status": deviate("It gets 400.", changeRefusal(isCreate, 409, { status: 400 })),
  "create-existing-message": deviate(
    "It is `Conflict`.",
    changeRefusal(isCreate, 409, { message: "Conflict" }),
  ),
  "create-malformed-sink": deviate(
    "It gets 400.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body)?.length !== 36, 404, { status: 400 }),
  ),
  "create-unknown-sink": deviate(
    "It gets 403.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body)?.length === 36, 404, { status: 403 }),
  ),
  "create-own-organization": deviate(
    "It gets 409.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body) === call.caller.organization?.id, 400, {
      status: 409,
    }),
  ),
  "create-repeated-type-status": deviate(
    "The repeated type counts once.",
    changeRequestBodies(
      isCreate,
      (call) =>
        describeTypes(call.body) === "repeated" &&
        replaceTypes(call.body, [...new Set(parseTypes(call.body))]),
    ),
  ),
  "create-repeated-type-message": deviate(
    "It is `Bad request`.",
    changeRefusal((call) => isCreate(call) && describeTypes(call.body) === "repeated", 400, {
      message: "Bad request",
    }),
  ),
  "create-types-checked": deviate(
    "It gets the default types.",
    changeRequestBodies(
      isCreate,
      (call) =>
        ["empty", "malformed"].includes(describeTypes(call.body)) && replaceTypes(call.body, undefined),
    ),
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
