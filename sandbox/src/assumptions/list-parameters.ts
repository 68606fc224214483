import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { defineAssumption } from "./assumption.js";
import { changeRequests, type CreateDeviation } from "./deviation.js";

/** No organization of a seed may have it: it is the nil UUID. */
const NO_ORGANIZATION = "00000000-0000-0000-0000-000000000000";

/** What the parameters of a list do. */
export const listParameterAssumptions = [
  defineAssumption(
    "list-filter-sink",
    "published",
    "`sink_org_id` selects the connections to one destination.",
    "It has no effect.",
    ignoreParameter("sink_org_id"),
  ),
  defineAssumption(
    "list-filter-source",
    "published",
    "`source_org_id` selects the connections of one source.",
    "It has no effect.",
    ignoreParameter("source_org_id"),
  ),
  defineAssumption(
    "list-filter-case",
    "assumed",
    "The filters ignore the case of a UUID.",
    "A UUID in upper case matches no connection.",
    changeQuery((query) => {
      for (const name of ["sink_org_id", "source_org_id"]) {
        const id = query.get(name);
        if (id !== null && id !== id.toLowerCase()) query.set(name, NO_ORGANIZATION);
      }
    }),
  ),
  defineAssumption(
    "list-limit",
    "published",
    "`limit` is the maximum count of connections on a page.",
    "It has no effect.",
    changeQuery((query) => isBetween(query.get("limit"), 1, PAGE_LIMIT) && query.delete("limit")),
  ),
  defineAssumption(
    "list-offset",
    "published",
    "`offset` is the count of connections before the page.",
    "It has no effect.",
    changeQuery((query) => isBetween(query.get("offset"), 0, Infinity) && query.delete("offset")),
  ),
  defineAssumption(
    "list-limit-maximum",
    "assumed",
    "A `limit` above 1000 gets 400.",
    "It gets the first page.",
    changeQuery((query) => isBetween(query.get("limit"), PAGE_LIMIT + 1, Infinity) && query.delete("limit")),
  ),
  defineAssumption(
    "list-parameters-checked",
    "assumed",
    "A `limit` of 0, a negative `offset` and a filter that is not a UUID get 400.",
    "They have no effect.",
    changeQuery((query) => {
      for (const [name, value] of [...query]) {
        const isValid = name === "limit" || name === "offset" ? /^[1-9]\d*$|^0./ : /^.{36}$/;
        if (!isValid.test(value) && value !== "0") query.delete(name);
        if (name === "limit" && value === "0") query.delete(name);
      }
    }),
  ),
];

function changeQuery(change: (query: URLSearchParams) => unknown): CreateDeviation {
  return changeRequests((call) => {
    if (call.match.route !== "listConnections") return undefined;
    const query = new URLSearchParams(call.query);
    change(query);
    return { query };
  });
}

function ignoreParameter(name: string): CreateDeviation {
  return changeQuery((query) => isUuid(query.get(name)) && query.delete(name));
}

const isUuid = (text: string | null): boolean => text?.length === 36;

const isBetween = (text: string | null, minimum: number, maximum: number): boolean =>
  text !== null && /^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;
