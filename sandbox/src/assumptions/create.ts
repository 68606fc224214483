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
import { omitNames } from "./list.js";
import { describeTypes, parseSinkId, parseTypes, replaceTypes } from "./request-body.js";

/** What a create returns. */
export const createAssumptions = [
  defineAssumption(
    "create-status",
    "published",
    "A create gets the status 200.",
    "It gets 201.",
    changeStatus("createConnection", 201),
  ),
  defineAssumption(
    "create-body",
    "published",
    "The response to a create has the connection in `data`.",
    "`data` is a list of one connection.",
    changeBody("createConnection", (body) => ({ data: [(body as { data: unknown }).data] })),
  ),
  defineAssumption(
    "create-names",
    "recorded",
    "The response to a create has the names of both organizations and of the creator.",
    "It has no names.",
    changeConnections("createConnection", omitNames),
  ),
  defineAssumption(
    "create-types",
    "recorded",
    "The response to a create has exactly the types of the request.",
    "It has only the first one.",
    changeConnections("createConnection", (row: WireConnection) => ({
      ...row,
      attributes: { ...row.attributes, connection_types: row.attributes.connection_types.slice(0, 1) },
    })),
  ),
  defineAssumption(
    "create-default-types",
    "assumed",
    "A create without types shares `logs`.",
    "It shares `logs` and `metrics`.",
    changeCreate(
      (call) => describeTypes(call.body) === "none" && replaceTypes(call.body, ["logs", "metrics"]),
    ),
  ),
  defineAssumption(
    "create-unknown-type",
    "assumed",
    "A create with a type that is not documented is allowed.",
    "It gets 400.",
    changeCreate((call) => describeTypes(call.body) === "unknown" && replaceTypes(call.body, ["not a type"])),
  ),
  defineAssumption(
    "create-new-id",
    "documented",
    "A pair that is connected again gets a new id.",
    "It gets the id that it had before.",
    createSameIds(),
  ),
];

/** Which creates are refused. */
export const createRefusalAssumptions = [
  defineAssumption(
    "create-existing-status",
    "recorded",
    "A create of a pair that is connected already gets 409.",
    "It gets 400.",
    changeRefusal(isCreate, 409, { status: 400 }),
  ),
  defineAssumption(
    "create-existing-message",
    "recorded",
    "The message of this 409 is `connection between orgs SOURCE and DESTINATION already exists`.",
    "It is `Conflict`.",
    changeRefusal(isCreate, 409, { message: "Conflict" }),
  ),
  defineAssumption(
    "create-malformed-sink",
    "recorded",
    "A create whose destination is not a UUID gets 404 and the message `Not found`.",
    "It gets 400.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body)?.length !== 36, 404, { status: 400 }),
  ),
  defineAssumption(
    "create-unknown-sink",
    "assumed",
    "A create whose destination is the UUID of no organization of the account gets 404.",
    "It gets 403.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body)?.length === 36, 404, { status: 403 }),
  ),
  defineAssumption(
    "create-own-organization",
    "assumed",
    "A create whose destination is the source itself gets 400.",
    "It gets 409.",
    changeRefusal((call) => isCreate(call) && parseSinkId(call.body) === call.caller.organization?.id, 400, {
      status: 409,
    }),
  ),
  defineAssumption(
    "create-repeated-type-status",
    "recorded",
    "A create with a repeated type gets 400.",
    "The repeated type counts once.",
    changeCreate(
      (call) =>
        describeTypes(call.body) === "repeated" &&
        replaceTypes(call.body, [...new Set(parseTypes(call.body))]),
    ),
  ),
  defineAssumption(
    "create-repeated-type-message",
    "recorded",
    "The message for a repeated type is `connection between orgs SOURCE and DESTINATION is not allowed`.",
    "It is `Bad request`.",
    changeRefusal((call) => isCreate(call) && describeTypes(call.body) === "repeated", 400, {
      message: "Bad request",
    }),
  ),
  defineAssumption(
    "create-types-checked",
    "assumed",
    "A create with an empty or malformed set of types gets 400.",
    "It gets the default types.",
    changeCreate(
      (call) =>
        ["empty", "malformed"].includes(describeTypes(call.body)) && replaceTypes(call.body, undefined),
    ),
  ),
];

function isCreate({ match }: DeviationCall): boolean {
  return match.route === "createConnection";
}

/** Creates a deviation that changes the bodies of creates. `change` returns false to leave a body as it is. */
function changeCreate(change: (call: DeviationCall) => unknown): CreateDeviation {
  return changeRequests((call) => {
    const body = isCreate(call) && change(call);
    return body === false ? undefined : { body };
  });
}

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
