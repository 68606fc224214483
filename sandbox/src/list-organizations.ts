import type { ApiCall, HandlerContext, Outcome } from "./answer.js";
import { toWireOrganization } from "./wire-rows.js";

/**
 * `GET /api/v2/org` (S). Assumptions: every organization of an account sees all of them, itself and the disabled ones
 * included; `filter[name]` is a part of the name in any case; it does not hide the calling organization's own details.
 */
export function listOrganizations({ store }: HandlerContext, { caller, query }: ApiCall): Outcome {
  const part = (query.get("filter[name]") ?? "").toLowerCase();
  const managed = store.organizations.filter(
    ({ account, name }) => account === caller.account && name.toLowerCase().includes(part),
  );
  const included = managed.some(({ id }) => id === caller.id) ? managed : [caller, ...managed];
  return {
    status: 200,
    body: {
      data: {
        type: "managed_orgs",
        id: caller.id,
        relationships: {
          current_org: { data: { type: "orgs", id: caller.id } },
          managed_orgs: { data: managed.map(({ id }) => ({ type: "orgs", id })) },
        },
      },
      included: included.map(toWireOrganization),
    },
  };
}
