import {
  deviate,
  changeBody,
  changeRefusal,
  changeResponses,
  refuse,
  type DeviationCall,
  isRoute,
} from "./deviation.js";
import { isEnd } from "./update.js";

const isDelete = isRoute("deleteConnection");

/** What a delete returns, and which deletes are refused. */
export const deleteDeviations = {
  "delete-status": deviate(
    "It gets 204 without a body.",
    changeResponses(
      (response) => (response.status === 200 ? { ...response, status: 204, body: "" } : undefined),
      isDelete,
    ),
  ),
  "delete-body": deviate(
    "It has `data`.",
    changeBody("deleteConnection", () => ({ data: null })),
  ),
  "delete-by-sink": deviate(
    "It gets 404.",
    refuse(
      (call) => isDelete(call) && isEnd(call) && getSource(call) !== call.caller.organization?.id,
      404,
      "Not found",
    ),
  ),
  "delete-by-other": deviate(
    "It gets 403.",
    changeRefusal((call) => isDelete(call) && getSource(call) !== undefined && !isEnd(call), 404, {
      status: 403,
    }),
  ),
  "delete-malformed-id-status": deviate("It gets 404.", changeRefusal(isDelete, 400, { status: 404 })),
  "delete-malformed-id-message": deviate(
    "It is `Bad request`.",
    changeRefusal(isDelete, 400, { message: "Bad request" }),
  ),
  "delete-missing-status": deviate(
    "It gets 410.",
    changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, { status: 410 }),
  ),
  "delete-missing-message": deviate(
    "It is `Not found`.",
    changeRefusal((call) => isDelete(call) && getSource(call) === undefined, 404, { message: "Not found" }),
  ),
  "connection-id-case": deviate(
    "An id in upper case is unknown.",
    refuse(({ match }) => match.requestedId !== match.connectionId, 404, "Not found"),
  ),
};

const getSource = ({ store, match }: DeviationCall): string | undefined =>
  store.findConnection(match.connectionId)?.sourceOrgId;
