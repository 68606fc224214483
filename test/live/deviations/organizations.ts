import type { WireManagedOrganizations } from "datadog-org-connections-core/api/wire.js";
import { deviate, changeBody, changeRequests, omitFields, type CreateDeviation } from "./deviation.js";

/** The list of organizations. */
export const organizationDeviations = {
  "organizations-type": deviate(
    "It has the type `orgs`.",
    changeOrganizations((list) => ({ ...list, data: { ...list.data, type: "orgs" } })),
  ),
  "organizations-id": deviate(
    "Its id is another UUID.",
    changeOrganizations((list) => ({
      ...list,
      data: { ...list.data, id: list.data.id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
    })),
  ),
  "organizations-current": deviate(
    "It is missing.",
    changeOrganizations(({ data, ...rest }) => ({
      data: { ...data, relationships: { managed_orgs: data.relationships.managed_orgs } },
      ...rest,
    })),
  ),
  "organizations-managed": deviate(
    "It is missing.",
    changeOrganizations(({ data, ...rest }) => ({
      data: { ...data, relationships: { current_org: data.relationships.current_org } },
      ...rest,
    })),
  ),
  "organizations-included": deviate(
    "The organizations have no names.",
    changeOrganizations(({ included, ...rest }) => ({
      ...rest,
      included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "name") })),
    })),
  ),
  "organizations-disabled": deviate(
    "It is missing.",
    changeOrganizations(({ included, ...rest }) => ({
      ...rest,
      included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "disabled") })),
    })),
  ),
  "organizations-filter": deviate(
    "It has no effect.",
    changeRequests(({ match, query }) => {
      if (match.route !== "listOrganizations") return undefined;
      const others = new URLSearchParams(query);
      others.delete("filter[name]");
      return { query: others };
    }),
  ),
};

function changeOrganizations(change: (list: WireManagedOrganizations) => unknown): CreateDeviation {
  return changeBody("listOrganizations", (body) => change(body as WireManagedOrganizations));
}
