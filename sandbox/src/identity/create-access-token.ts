import type { ApiCall, HandlerContext, Outcome } from "../handler.js";

/**
 * `POST /api/v2/delegated-token`. The proof is checked already (identify-workload.ts). The body is that of Datadog's own client:
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
