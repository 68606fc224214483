import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import type { Evidence, Step } from "../probes/probe.js";
import {
  describeKind,
  findConnection,
  findRow,
  readId,
  readPath,
  readString,
  readTypes,
} from "../probes/read-response.js";
import {
  compareStatus,
  confirmIf,
  expectAllowed,
  expectMessage,
  expectStatus,
  expectStatusWith,
  type Judge,
  judgeAll,
  judgeNames,
  judgeStep,
  judgeSuccess,
  refuted,
  unobserved,
} from "./judgment.js";

const formatPair = ({ sourceOrgId, sinkOrgId }: Evidence): string =>
  `connection between orgs ${sourceOrgId} and ${sinkOrgId}`;

/** The judges of creates. */
export const createJudges = {
  "create-status": judgeStep("create", (observation) => compareStatus(observation, 200)),
  "create-body": judgeBody("create"),
  "create-names": judgeSuccess("create", (observation) => judgeNames(findConnection(observation), true)),
  "create-types": judgeSuccess("create", (observation) => {
    const types = readTypes(findConnection(observation));
    if (!types) return unobserved("the response has no types");
    return confirmIf(types.join() === "logs,metrics", `${types.length} types instead of 2`);
  }),
  "create-default-types": judgeStep("createWithoutTypes", (observation) => {
    const types = readTypes(findConnection(observation));
    if (observation.status >= 300) return refuted(`status ${observation.status}`);
    if (!types) return unobserved("the response has no types");
    return confirmIf(types.join() === "logs", `${types.length} types, or another type`);
  }),
  "create-unknown-type": expectAllowed("createUnknownType"),
  "create-new-id": ({ connectionId, earlierConnectionId }) =>
    connectionId === undefined || earlierConnectionId === undefined
      ? unobserved("the pair was not connected twice")
      : confirmIf(
          connectionId.toLowerCase() !== earlierConnectionId.toLowerCase(),
          "the id of the earlier connection",
        ),
  "create-existing-status": expectStatus(409, "createAgain"),
  "create-existing-message": expectMessage(
    "createAgain",
    (evidence) => `${formatPair(evidence)} already exists`,
  ),
  "create-malformed-sink": judgeAll([
    expectStatus(404, "createMalformedSink"),
    judgeMessage("createMalformedSink", "Not found"),
  ]),
  "create-unknown-sink": expectStatus(404, "createUnknownSink"),
  "create-own-organization": expectStatus(400, "createOwn"),
  "create-repeated-type-status": expectStatus(400, "createRepeated"),
  "create-repeated-type-message": expectMessage(
    "createRepeated",
    (evidence) => `${formatPair(evidence)} is not allowed`,
  ),
  "create-types-checked": expectStatus(400, "createEmpty", "createMalformed"),
} satisfies Partial<Record<AssumptionName, Judge>>;

/** The judges of updates. */
export const updateJudges = {
  "update-status": judgeStep("update", (observation) => compareStatus(observation, 200)),
  "update-body": judgeBody("update"),
  "update-without-names": judgeSuccess("update", (observation) =>
    judgeNames(findConnection(observation), false),
  ),
  "update-response-types": judgeSuccess("update", (observation, { listUpdated, connectionId }) => {
    const [types, listed] = [
      readTypes(findConnection(observation)),
      readTypes(findRow(listUpdated, connectionId)),
    ];
    if (!types || !listed) return unobserved("the response or the list has no types");
    return confirmIf(
      [listed.join(), "metrics"].includes(types.join()),
      `${types.length} types, and ${listed.length} in the list`,
    );
  }),
  "update-replaces-types": judgeSuccess("listUpdated", (observation, { update, connectionId }) => {
    const types = readTypes(findRow(observation, connectionId));
    if (!update || update.status >= 300 || !types) return unobserved("no updated connection was seen");
    return confirmIf(types.join() === "metrics", `${types.length} types instead of 1, or another type`);
  }),
  "update-keeps-creation": judgeSuccess("listUpdated", (observation, { list, connectionId, update }) => {
    const [before, after] = [list, observation].map((one) =>
      readString(findRow(one, connectionId), "attributes", "created_at"),
    );
    if (!update || update.status >= 300 || before === undefined || after === undefined)
      return unobserved("no updated connection was seen");
    return confirmIf(before === after, "another `created_at` after the update");
  }),
  "update-unknown-type": expectAllowed("updateUnknownType"),
  "update-repeated-type-status": expectStatus(400, "updateRepeated"),
  "update-repeated-type-message": expectMessage("updateRepeated", () => "Validation failed for input."),
  "update-types-checked": expectStatus(400, "updateEmpty", "updateMalformed"),
  "update-id-in-body": expectStatus(400, "updateOtherId"),
  "update-missing-status": expectStatus(404, "updateMissing"),
  "update-missing-message": expectMessage(
    "updateMissing",
    ({ unusedId = "" }) => `Org connection with id:${unusedId} not found not found`,
  ),
  "update-by-sink": expectStatus(404, "updateBySink"),
  "update-by-other": expectStatusWith("other", 404, "updateByOther"),
} satisfies Partial<Record<AssumptionName, Judge>>;

/** The judges of deletes. */
export const deleteJudges = {
  "delete-status": judgeStep("deleteBySource", (observation) => compareStatus(observation, 200)),
  "delete-body": judgeSuccess("deleteBySource", ({ status, json, text }) =>
    status === 204
      ? unobserved("the response has no body")
      : confirmIf(
          describeKind(json) === "an empty object",
          text === "" ? "an empty body" : `the body is ${describeKind(json)}`,
        ),
  ),
  "delete-by-sink": expectAllowed("deleteBySink"),
  "delete-by-other": expectStatusWith("other", 404, "deleteByOther"),
  "delete-malformed-id-status": expectStatus(400, "deleteMalformed"),
  "delete-malformed-id-message": expectMessage("deleteMalformed", () => "connection id must be a valid uuid"),
  "delete-missing-status": expectStatus(404, "deleteMissing", "deleteAgain"),
  "delete-missing-message": expectMessage(
    "deleteMissing",
    ({ unusedId = "" }) => `org connection with id:${unusedId} not found not found`,
  ),
  "connection-id-case": expectAllowed("updateOtherCase"),
} satisfies Partial<Record<AssumptionName, Judge>>;

function judgeBody(step: "create" | "update"): Judge {
  return judgeSuccess(step, ({ json, text }) =>
    confirmIf(
      readId(readPath(json, "data")) !== undefined,
      text === "" ? "an empty body" : `\`data\` is ${describeKind(readPath(json, "data"))}`,
    ),
  );
}

/** Expects a message, but only if the refusal has any. */
function judgeMessage(step: Step, message: string): Judge {
  const judge = expectMessage(step, () => message);
  return (evidence) => {
    const judgment = judge(evidence);
    return judgment.verdict === "not seen" ? { verdict: "confirmed" } : judgment;
  };
}
