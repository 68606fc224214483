import type { ApiCall, HandlerContext, Outcome } from "./handler.js";
import { toWireOrganization } from "./to-wire.js";

/**
 * `GET /api/v2/org`, as in the OpenAPI specification. Assumptions: an organization lists all organizations of its
 * account, including itself and disabled ones, or only itself if the seed says so. `filter[name]` matches a part of the
 * name, without regard to case, and does not remove the calling organization from `included`.
 */
export function listOrganizations({ store }: HandlerContext, { caller, query }: ApiCall): Outcome {
  const part = (query.get("filter[name]") ?? "").toLowerCase();
  const visible = caller.listsAllOrganizations
    ? store.organizations.filter(({ account }) => account === caller.account)
    : [caller];
  const managed = visible.filter(({ name }) => name.toLowerCase().includes(part));
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
