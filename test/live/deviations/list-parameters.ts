import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { deviate, changeRequests, type CreateDeviation } from "./deviation.js";

/** No organization of a seed may have it: it is the nil UUID. */
const NO_ORGANIZATION = "00000000-0000-0000-0000-000000000000";

/** What the parameters of a list do. */
export const listParameterDeviations = {
  "list-filter-sink": deviate("It has no effect.", ignoreParameter("sink_org_id")),
  "list-filter-source": deviate("It has no effect.", ignoreParameter("source_org_id")),
  "list-filter-case": deviate(
    "A UUID in upper case matches no connection.",
    changeQuery((query) => {
      for (const name of ["sink_org_id", "source_org_id"]) {
        const id = query.get(name);
        if (id !== null && id !== id.toLowerCase()) query.set(name, NO_ORGANIZATION);
      }
    }),
  ),
  "list-limit": deviate(
    "It has no effect.",
    changeQuery((query) => isBetween(query.get("limit"), 1, PAGE_LIMIT) && query.delete("limit")),
  ),
  "list-offset": deviate(
    "It has no effect.",
    changeQuery((query) => isBetween(query.get("offset"), 0, Infinity) && query.delete("offset")),
  ),
  "list-limit-maximum": deviate(
    "It gets the first page.",
    changeQuery((query) => isBetween(query.get("limit"), PAGE_LIMIT + 1, Infinity) && query.delete("limit")),
  ),
  "list-parameters-checked": deviate(
    "They have no effect.",
    changeQuery((query) => {
      for (const [name, value] of [...query]) {
        const isValid = name === "limit" || name === "offset" ? /^[1-9]\d*$|^0./ : /^.{36}$/;
        if (!isValid.test(value) && value !== "0") query.delete(name);
        if (name === "limit" && value === "0") query.delete(name);
      }
    }),
  ),
};

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
