import { defineAssumption } from "./assumption.js";
import { changeBody, changeRefusal, changeResponses, refuse, type DeviationCall } from "./deviation.js";
import { isEnd } from "./update.js";

/** What a delete returns, and which deletes are refused. */
export const deleteAssumptions = [
  defineAssumption(
    "delete-status",
    "published",
    "A delete gets the status 200.",
    "It gets 204 without a body.",
    changeResponses(
      (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
      isDelete,
    ),
  ),
  defineAssumption(
    "delete-body",
    "published",
    "The body of the response to a delete is `{}`.",
    "It has `data`.",
    changeBody("deleteConnection", () => ({ data: null })),
  ),
  defineAssumption(
    "delete-by-sink",
    "documented",
    "The destination may delete a connection.",
    "It gets 404.",
    refuse(
      (call) => isDelete(call) && isEnd(call) && getSource(call) !== call.caller.organization?.id,
      404,
      "Not found",
    ),
  ),
  defineAssumption(
    "delete-by-other",
    "assumed",
    "A delete with the credentials of an organization that takes no part gets 404.",
    "It gets 403.",
    changeRefusal((call) => isDelete(call) && getSource(call) !== undefined && !isEnd(call), 404, {
      status: 403,
    }),
  ),
  defineAssumption(
    "delete-malformed-id-status",
    "recorded",
    "A delete with an id that is not a UUID gets 400.",
    "It gets 404.",
    changeRefusal(isDelete, 400, { status: 404 }),
  ),
  defineAssumption(
    "delete-malformed-id-message",
    "recorded",
    "The message for a delete with such an id is `connection id must be a valid uuid`.",
    "It is `Bad request`.",
    changeRefusal(isDelete, 400, { message: "Bad request" }),
  ),
  defineAssumption(
    "delete-missing-status",
    "recorded",
    "A delete of a connection that does not exist, or no longer, gets 404.",
    "It gets 410.",
    changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, { status: 410 }),
  ),
  defineAssumption(
    "delete-missing-message",
    "recorded",
    "The message for a delete without a connection is `org connection with id:ID not found not found`.",
    "It is `Not found`.",
    changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, { message: "Not found" }),
  ),
  defineAssumption(
    "connection-id-case",
    "assumed",
    "The id in a path is compared without regard to case.",
    "An id in upper case is unknown.",
    refuse(({ match }) => match.requestedId !== match.connectionId, 404, "Not found"),
  ),
];

function isDelete({ match }: DeviationCall): boolean {
  return match.route === "deleteConnection";
}

const getSource = ({ store, match }: DeviationCall): string | undefined =>
  store.findConnection(match.connectionId)?.sourceOrgId;
