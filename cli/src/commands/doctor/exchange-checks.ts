import { parseAccessToken, type AccessToken } from "datadog-org-connections-core/api/access-tokens.js";
import { isRefusal, type RefusalCode } from "datadog-org-connections-core/api/error-codes.js";
import {
  explainExchangeStatus,
  explainExpiredToken,
} from "datadog-org-connections-core/api/explain-exchange.js";
import type { ApiResponse } from "datadog-org-connections-core/api/http.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { createOk, createProblem, type Cause, type Check } from "./check.js";
import { checkClock } from "./clock-check.js";
import { checkHost } from "./host-check.js";
import { probeExchange } from "./probe.js";
import type { IdentityCredentials, ObtainedProof } from "./proof-check.js";
import { findProxy } from "./proxy.js";
import { formatQuote, parseServerMessage } from "./server-message.js";
import { findRequestFailure } from "./request-failures.js";

/** The causes that `doctor` reports for the codes of a refused exchange. */
const CAUSES: Record<RefusalCode, Cause> = {
  "clock-wrong": "clock",
  "identity-refused": "identity-refused",
  "identity-not-mapped": "identity-not-mapped",
};

const RUN_AGAIN = "Run `doctor` again.";

/**
 * Exchanges a proof for an access token, with one request. Uses the result to check the host, the clock, the exchange and the site.
 */
export async function checkExchange(
  credentials: IdentityCredentials,
  { proof, description }: ObtainedProof,
): Promise<{ checks: Check[]; accessToken?: AccessToken }> {
  const { baseUrl, authentication } = credentials;
  const proxy = await findProxy(baseUrl);
  const { result, timing } = await probeExchange(baseUrl, proof);
  const host = checkHost(baseUrl, result, timing, proxy);
  if (host.verdict !== "ok" || !result.response) return { checks: [host] };
  const clock = checkClock(result.response, timing);
  const { accessToken, problem } = readExchange(credentials, description, result.response);
  if (accessToken) {
    const exchange = createOk(
      "exchange",
      `Datadog exchanged the proof for an access token of organization ${authentication.organizationId}.`,
    );
    const site = createOk("site", `${new URL(baseUrl).host} is the site of this organization.`);
    return { checks: [host, clock, exchange, site], accessToken };
  }
  const isExplained = clock.verdict === "problem" && CLOCK_EXPLAINS.has(problem.cause);
  return { checks: isExplained ? [host, explainByClock(clock)] : [host, clock, problem] };
}

/** The causes that a wrong clock explains: a refused proof, and a new access token that seems expired. */
const CLOCK_EXPLAINS: ReadonlySet<Cause | undefined> = new Set(["identity-refused", "clock"]);

/** Adds the failed exchange to the problem of the clock, because the clock must be corrected first. */
const explainByClock = (clock: Check): Check => ({
  ...clock,
  found: `${clock.found} The exchange of the proof failed, probably because of the clock: proofs and access tokens are valid for only a short time.`,
});

/** Reads the access token from the response to an exchange, or explains why there is no valid one. */
function readExchange(
  credentials: IdentityCredentials,
  description: string,
  response: ApiResponse,
): { accessToken: AccessToken; problem?: never } | { accessToken?: never; problem: Check } {
  const { status, text } = response;
  const context = { ...credentials, workloadIdentity: credentials.authentication };
  const { host } = new URL(credentials.baseUrl);
  if (status === 200) {
    const accessToken = parseToken(text);
    if (!accessToken) return { problem: createFailure(`The response of ${host} contains no access token.`) };
    if (accessToken.expiresAt > Date.now()) return { accessToken };
    const { happened, advice } = explainExpiredToken(context);
    return { problem: createProblem("exchange", "clock", happened, advice ?? RUN_AGAIN) };
  }
  const failure = findRequestFailure("exchange", { response });
  if (failure) return { problem: failure };
  const quote = formatQuote(parseServerMessage(text));
  const [code, explanation] = explainExchangeStatus(context, response) ?? [];
  const cause = code && isRefusal(code) ? CAUSES[code] : undefined;
  if (!cause || !explanation)
    return { problem: createFailure(`${host} did not exchange the proof (${status}).${quote}`) };
  const found = `${explanation.happened}${quote} The proof is ${description}.`;
  return { problem: createProblem("exchange", cause, found, explanation.advice ?? RUN_AGAIN) };
}

const createFailure = (found: string): Check =>
  createProblem(
    "exchange",
    "exchange-failed",
    found,
    "Check the site of the organization, and check whether a proxy or gateway intercepts the requests.",
  );

function parseToken(text: string): AccessToken | undefined {
  try {
    return parseAccessToken(parseJson(text));
  } catch {
    return undefined;
  }
}
