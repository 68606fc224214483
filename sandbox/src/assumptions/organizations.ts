import type { WireManagedOrganizations } from "datadog-org-connections-core/api/wire.js";
import { defineAssumption } from "./assumption.js";
import { changeBody, changeRequests, omitFields, type CreateDeviation } from "./deviation.js";

/** The list of organizations. */
export const organizationAssumptions = [
  defineAssumption(
    "organizations-type",
    "published",
    "The list of organizations has the type `managed_orgs`.",
    "It has the type `orgs`.",
    changeOrganizations((list) => ({ ...list, data: { ...list.data, type: "orgs" } })),
  ),
  defineAssumption(
    "organizations-id",
    "published",
    "The id of the list of organizations is the UUID of the calling organization.",
    "Its id is another UUID.",
    changeOrganizations((list) => ({
      ...list,
      data: { ...list.data, id: list.data.id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
    })),
  ),
  defineAssumption(
    "organizations-current",
    "published",
    "In the list of organizations, `current_org` refers to the calling organization.",
    "It is missing.",
    changeOrganizations(({ data, ...rest }) => ({
      data: { ...data, relationships: { managed_orgs: data.relationships.managed_orgs } },
      ...rest,
    })),
  ),
  defineAssumption(
    "organizations-managed",
    "published",
    "In the list of organizations, `managed_orgs` is a list of references to organizations.",
    "It is missing.",
    changeOrganizations(({ data, ...rest }) => ({
      data: { ...data, relationships: { current_org: data.relationships.current_org } },
      ...rest,
    })),
  ),
  defineAssumption(
    "organizations-included",
    "published",
    "In the list of organizations, `included` has each organization with its name.",
    "The organizations have no names.",
    changeOrganizations(({ included, ...rest }) => ({
      ...rest,
      included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "name") })),
    })),
  ),
  defineAssumption(
    "organizations-disabled",
    "published",
    "The attribute `disabled` of an organization is true or false.",
    "It is missing.",
    changeOrganizations(({ included, ...rest }) => ({
      ...rest,
      included: included.map((row) => ({ ...row, attributes: omitFields(row.attributes, "disabled") })),
    })),
  ),
  defineAssumption(
    "organizations-filter",
    "assumed",
    "`filter[name]` selects organizations by a part of the name, but keeps the caller in `included`.",
    "It has no effect.",
    changeRequests(({ match, query }) => {
      if (match.route !== "listOrganizations") return undefined;
      const others = new URLSearchParams(query);
      others.delete("filter[name]");
      return { query: others };
    }),
  ),
];

function changeOrganizations(change: (list: WireManagedOrganizations) => unknown): CreateDeviation {
  return changeBody("listOrganizations", (body) => change(body as WireManagedOrganizations));
}
