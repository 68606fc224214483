import type { ApiCall, HandlerContext, Outcome } from "./answer.js";
import { toWireUser } from "./wire-rows.js";

/** `GET /api/v1/validate`: whoever comes here has a known API key (R). */
export const validateApiKey = (): Outcome => ({ status: 200, body: { valid: true } });

/** `GET /api/v2/validate_keys`: whoever comes here has both keys (S). */
export const validateKeys = (): Outcome => ({ status: 200, body: { status: "ok" } });

/**
 * `GET /api/v2/application_keys` (S, R). The sandbox knows one application key of each organization. Its users come only
 * when they are asked for (S).
 */
export function listApplicationKeys(_: HandlerContext, { caller, query }: ApiCall): Outcome {
  const { id, appKey, user } = caller;
  const row = {
    type: "application_keys" as const,
    // The organization's id with the last group changed: fixed, well-formed, and nobody else's.
    id: `${id.slice(0, 24)}e${id.slice(25)}`,
    attributes: { name: `the application key of ${caller.key}`, last4: appKey.slice(-4), scopes: null },
    relationships: { owned_by: { data: { type: "users" as const, id: user.id } } },
  };
  const isAsked = query.get("include")?.split(",").includes("owned_by") ?? false;
  return { status: 200, body: { data: [row], ...(isAsked && { included: [toWireUser(user)] }) } };
}
