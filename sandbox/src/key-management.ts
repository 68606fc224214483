import type { ApiCall, HandlerContext, Outcome } from "./handler.js";
import { toWireUser } from "./to-wire.js";

/** `GET /api/v1/validate`. The API key is checked already (access.ts). The body is recorded. */
export const validateApiKey = (): Outcome => ({ status: 200, body: { valid: true } });

/** `GET /api/v2/validate_keys`. Both keys are checked already (access.ts). The body is in the OpenAPI specification. */
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
