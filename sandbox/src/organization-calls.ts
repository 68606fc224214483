import type { ApiCall, HandlerContext, Outcome } from "./call.js";
import { toWireOrganization, toWireUser } from "./to-wire.js";

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

/** `GET /api/v1/validate`. The API key is checked already (caller.ts). The body is recorded. */
export const validateApiKey = (): Outcome => ({ status: 200, body: { valid: true } });

/** `GET /api/v2/validate_keys`. Both keys are checked already (caller.ts). The body is in the OpenAPI specification. */
export const validateKeys = (): Outcome => ({ status: 200, body: { status: "ok" } });

/**
 * `GET /api/v2/application_keys`: https://docs.datadoghq.com/api/latest/key-management/
 * Each organization of the sandbox has one application key. `included` has its owner only if the query requests it.
 */
export function listApplicationKeys(_: HandlerContext, { caller, query }: ApiCall): Outcome {
  const { id, appKey, user } = caller;
  const row = {
    type: "application_keys" as const,
    // The organization's ID with a different digit, so that it is stable, valid and unique.
    id: `${id.slice(0, 24)}e${id.slice(25)}`,
    attributes: { name: `the application key of ${caller.key}`, last4: appKey.slice(-4), scopes: null },
    relationships: { owned_by: { data: { type: "users" as const, id: user.id } } },
  };
  const includesOwner = query.get("include")?.split(",").includes("owned_by") ?? false;
  return { status: 200, body: { data: [row], ...(includesOwner && { included: [toWireUser(user)] }) } };
}

/**
 * `POST /api/v2/delegated-token`. The proof is checked already (caller.ts). The body is that of Datadog's own client:
 * https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go
 */
export function createAccessToken(
  { store, tokenLifetimeSeconds }: HandlerContext,
  { caller, grant }: ApiCall,
): Outcome {
  const { token, expiresAt } = store.addAccessToken(caller.key, grant, tokenLifetimeSeconds);
  return {
    status: 200,
    body: {
      data: {
        type: "delegated_token",
        attributes: { access_token: token, expires: String(expiresAt) },
      },
    },
  };
}
