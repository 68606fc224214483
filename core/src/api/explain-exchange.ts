import type { WorkloadIdentity } from "./authentication.js";
import type { ErrorCode } from "./error-codes.js";
import { formatCount } from "../text/phrases.js";
import { formatIdentityType, formatOrganizationCheck } from "./identity.js";
import { type ApiResponse, hasInvalidJson } from "./http.js";
import type { MessageContext } from "./message-context.js";
import { parseJson } from "../text/data.js";
import type { ErrorText } from "./org-connections-error.js";
import type { Headers } from "./limiter.js";

/**
 * If the clocks of this machine and the server differ by more than this, the difference counts as the cause of a refusal. A proof
 * is valid for only a few minutes.
 */
const MAX_CLOCK_DIFFERENCE_MS = 2 * 60_000;

const CORRECT_CLOCK = "Correct the clock of this machine, then run the command again.";

const CHECK_SITE_AND_GATEWAY =
  "Check the site of the organization, and check whether a proxy or gateway intercepts the requests.";

/** What messages say about an exchange. */
type ExchangeContext = Pick<MessageContext, "label" | "credentialsFrom" | "baseUrl"> & {
  workloadIdentity: WorkloadIdentity;
};

/**
 * Explains the status of an exchange. Returns `undefined` if the status has the same meaning in every call. For 401 and 403, see
 * https://docs.datadoghq.com/account_management/cloud_provider_authentication/. The messages of other calls for 404 and 409 are
 * about a missing object and an existing connection, so they are wrong here.
 *
 * The error messages of the exchange are not documented. So a 401 or 403 counts as a response of the API if its body or its content
 * type is JSON.
 */
export function explainExchangeStatus(
  context: ExchangeContext,
  response: ApiResponse,
): [ErrorCode, ErrorText] | undefined {
  const { status, headers } = response;
  if ((status === 401 || status === 403) && !mayBeFromApi(response)) {
    return ["unexpected-status", explainIntermediary(context)];
  }
  switch (status) {
    case 401: {
      const difference = findClockDifference(headers);
      return difference === undefined
        ? ["identity-refused", explainRefusedProof(context)]
        : ["clock-wrong", explainClockDifference(context, difference)];
    }
    case 403:
      return ["identity-not-mapped", explainMissingMapping(context)];
    case 404:
    case 409:
      return ["unexpected-status", explainUnsupported(context)];
    default:
      return undefined;
  }
}

const explainRefusedProof = (context: ExchangeContext): ErrorText => ({
  happened: `Datadog did not accept the proof of ${formatOwner(context)}, and issued no access token.`,
  advice:
    `Check in Datadog whether organization ${context.workloadIdentity.organizationId} has a persona mapping for this identity and trusts ` +
    `the issuer of the proof. Check that ${formatOrganizationCheck(context.workloadIdentity, context.label)}, and that ${context.baseUrl} is the site of the ` +
    "organization.",
});

const explainMissingMapping = (context: ExchangeContext): ErrorText => ({
  happened:
    `Datadog accepted the proof of ${formatOwner(context)}, but organization ${context.workloadIdentity.organizationId} maps this identity to ` +
    "no account.",
  advice:
    "Add a persona mapping from this identity to a service account, in this organization in Datadog. If there already is one, compare it " +
    `with the identity, and check that ${formatOrganizationCheck(context.workloadIdentity, context.label)}.`,
});

const mayBeFromApi = (response: ApiResponse): boolean =>
  parseJson(response.text) !== undefined || hasInvalidJson(response);

const explainIntermediary = (context: ExchangeContext): ErrorText => ({
  happened:
    `The proof of ${formatOwner(context)} was not exchanged for an access token. The response from ${context.baseUrl} is not JSON, so it ` +
    "is not from the Datadog API.",
  advice: CHECK_SITE_AND_GATEWAY,
});

const explainUnsupported = (context: ExchangeContext): ErrorText => ({
  happened:
    `${context.baseUrl} did not exchange the proof of ${formatOwner(context)} for an access token. It responded with a ` +
    "status that is unusual for this request.",
  advice: CHECK_SITE_AND_GATEWAY,
});

const explainClockDifference = (context: ExchangeContext, differenceMs: number): ErrorText => ({
  happened:
    `Datadog did not accept the proof of ${formatOwner(context)}. The clock of this machine is ` +
    `${formatCount(Math.round(Math.abs(differenceMs) / 60_000), "minute")} ${differenceMs > 0 ? "ahead of" : "behind"} the clock of ` +
    `${context.baseUrl}, and a proof is valid for a few minutes.`,
  advice: CORRECT_CLOCK,
});

/** Explains an access token that has expired before its first use. */
export const explainExpiredToken = (context: ExchangeContext): ErrorText => ({
  happened:
    `The access token that Datadog has just issued for ${formatOwner(context)} has already expired, according to the clock of this ` +
    "machine.",
  advice: CORRECT_CLOCK,
});

/** Formats the owner of a proof: `the AWS identity of organization "payments" (DD_CLOUD_PROVIDER_TYPE__PAYMENTS)`. */
const formatOwner = ({ label, credentialsFrom, workloadIdentity }: ExchangeContext): string =>
  `the ${formatIdentityType(workloadIdentity.identity)} identity of ${label} (${credentialsFrom})`;

/**
 * Finds how far this machine's clock is ahead of the server's clock, in milliseconds. Negative if this machine's clock is behind.
 * Returns `undefined` if the difference is small, or if the response has no date.
 */
function findClockDifference(headers: Headers): number | undefined {
  const difference = Date.now() - Date.parse(headers["date"] ?? "");
  return Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS ? difference : undefined;
}
