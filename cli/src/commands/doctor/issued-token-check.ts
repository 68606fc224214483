import type { AccessToken } from "datadog-org-connections-core/api/access-tokens.js";
import { formatCount } from "../../shared/text.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { Probe } from "./probe.js";
import { isTokenAccepted } from "./token-checks.js";
import { findRequestFailure } from "./request-failures.js";

/** Checks an access token that Datadog has issued for an identity: whether Datadog accepts it, and how long it is valid. */
export function checkIssuedToken(
  baseUrl: string,
  accessToken: AccessToken,
  { list, organizations }: Probe,
): Check {
  const validity = `The token expires in ${formatLifetime(accessToken)}. An operation that takes longer renews its token in time.`;
  const { host } = new URL(baseUrl);
  if ([list, organizations].some(isTokenAccepted))
    return createOk("token", `Datadog accepts the access token. ${validity}`);
  if ([list, organizations].some((result) => result?.response?.status === 401)) {
    return createProblem(
      "token",
      "token-refused",
      `${host} refuses the access token that it has just issued.`,
      "Run `doctor` again. If the problem persists, check in Datadog whether the account that the identity is mapped to is active.",
    );
  }
  return (
    findRequestFailure("token", list) ??
    createUnknown("token", `${host} does not say whether it accepts the access token. ${validity}`)
  );
}

function formatLifetime({ expiresAt }: AccessToken): string {
  const seconds = Math.max(1, Math.round((expiresAt - Date.now()) / 1000));
  return seconds < 120 ? formatCount(seconds, "second") : formatCount(Math.round(seconds / 60), "minute");
}
