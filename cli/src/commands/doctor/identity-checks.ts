/** The checks of a workload identity: its proof, the exchange of the proof for an access token, and this token. */
import {
  listProofSecrets,
  parseAccessToken,
  type AccessToken,
} from "datadog-org-connections-core/api/access-tokens.js";
import type { WorkloadIdentity } from "datadog-org-connections-core/api/authentication.js";
import { isRefusal, type ErrorCode } from "datadog-org-connections-core/api/error-codes.js";
import { explainExpiredToken } from "datadog-org-connections-core/api/explain-exchange.js";
import { formatIdentityType } from "datadog-org-connections-core/api/identity.js";
import {
  isOrgConnectionsError,
  OrgConnectionsError,
} from "datadog-org-connections-core/api/org-connections-error.js";
import { formatCall } from "datadog-org-connections-core/api/routes.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { formatCount } from "../../shared/text.js";
import { checkAccount } from "./account-checks.js";
import { callList, callOrganizations, openCalls, REQUEST_TIMEOUT_MS } from "./calls.js";
import { createFailure, createOk, type Cause, type Check } from "./check.js";
import { checkClock, checkHost } from "./host-checks.js";
import { checkToken } from "./token-checks.js";
import * as v from "valibot";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";

/** The credentials of an organization with a workload identity. */
type IdentityCredentials = Credentials & { authentication: WorkloadIdentity };

/**
 * Checks an organization with a workload identity. After a problem with the proof, the host, the exchange or the token, the
 * remaining checks are omitted. The proof and the token are sent only to the site of the organization.
 */
export async function checkIdentity(credentials: IdentityCredentials, readOnly: boolean): Promise<Check[]> {
  const { authentication, credentialsFrom } = credentials;
  const { identity, organizationId } = authentication;
  const settings = createOk(
    "credentials",
    `A workload identity of ${formatIdentityType(identity)} is set for organization ${organizationId}: ${credentialsFrom}.`,
  );
  const { check, proof } = await checkProof(credentials);
  if (proof === undefined) return [settings, check];
  const { checks, accessToken } = await checkExchange(credentials, proof);
  const ofToken = accessToken ? await checkIssuedToken(credentials, proof, accessToken, readOnly) : [];
  return [settings, check, ...checks, ...ofToken];
}

/** Obtains the proof of an identity as `pulumi up` does, and describes it without revealing it. */
async function checkProof({
  authentication,
  label,
  suffix,
  env,
}: IdentityCredentials): Promise<{ check: Check; proof?: string }> {
  const { identity, organizationId } = authentication;
  const { obtainProof } = await import("datadog-org-connections-core/identity/obtain-proof.js");
  // For a token, `onToken` provides a more precise origin, such as a variable.
  let origin = `the credentials of ${formatIdentityType(identity)}`;
  try {
    const proof = await obtainProof(identity, organizationId, {
      env,
      suffix,
      label,
      timeoutMs: REQUEST_TIMEOUT_MS,
      onToken: (name) => {
        origin = name;
      },
    });
    const { description, validity } = describeProof(proof);
    return { check: createOk("proof", `The proof is from ${origin}: ${description}. ${validity}`), proof };
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    const failure = createFailure("proof", error);
    return { check: failure.cause ? failure : createFailure("proof", error, "invalid-settings") };
  }
}

/** The causes of an exchange without a token that the client's error codes do not show. */
const EXCHANGE_CAUSES: Partial<Record<ErrorCode, Cause>> = {
  "unexpected-response": "exchange-failed",
  "unexpected-status": "exchange-failed",
  "bad-request": "exchange-failed",
};

/** The causes that a wrong clock explains: a refused proof, and a new access token that seems expired. */
const CLOCK_EXPLAINS: ReadonlySet<Cause | undefined> = new Set(["identity-refused", "clock"]);

/**
 * Exchanges a proof for an access token, with one request. Uses the result to check the host, the clock, the exchange and the site.
 */
async function checkExchange(
  credentials: IdentityCredentials,
  proof: string,
): Promise<{ checks: Check[]; accessToken?: AccessToken }> {
  const { baseUrl, authentication } = credentials;
  const makeCall = await openCalls(credentials, { kind: "proof", proof }, listProofSecrets(proof));
  const call = await makeCall({ route: "exchangeToken" }, parseAccessToken);
  const host = await checkHost(baseUrl, call);
  if (host.verdict !== "ok") return { checks: [host] };
  const clock = checkClock(call);
  if (call.value && call.value.expiresAt > Date.now()) {
    const exchange = createOk(
      "exchange",
      `Datadog exchanged the proof for an access token of organization ${authentication.organizationId}.`,
    );
    const site = createOk("site", `${new URL(baseUrl).host} is the site of this organization.`);
    return { checks: [host, clock, exchange, site], accessToken: call.value };
  }
  const error =
    call.error ??
    new OrgConnectionsError(
      "clock-wrong",
      explainExpiredToken({ ...credentials, workloadIdentity: authentication }),
      { call: formatCall("exchangeToken") },
    );
  const failure = createFailure("exchange", error, EXCHANGE_CAUSES[error.code]);
  if (clock.verdict === "problem" && CLOCK_EXPLAINS.has(failure.cause)) {
    const found = `${clock.found} The exchange of the proof failed, probably because of the clock: proofs and access tokens are valid for only a short time.`;
    return { checks: [host, { ...clock, found }] };
  }
  const about = isRefusal(error.code) ? ` The proof is ${describeProof(proof).description}.` : "";
  return { checks: [host, clock, { ...failure, found: `${failure.found}${about}` }] };
}

/** Checks the access token. Then checks the organization, the creators and the permissions with this token. */
async function checkIssuedToken(
  credentials: IdentityCredentials,
  proof: string,
  { token, expiresAt }: AccessToken,
  readOnly: boolean,
): Promise<Check[]> {
  const { baseUrl } = credentials;
  const secrets = [...listProofSecrets(proof), token];
  const call = await openCalls(credentials, { kind: "token", token }, secrets);
  const list = await callList(call);
  const host = await checkHost(baseUrl, list);
  // Datadog responded to the exchange, but not to this request.
  if (host.verdict !== "ok") return [host];
  const reads = { list, organizations: await callOrganizations(call) };
  const validity = `The token expires in ${formatSeconds((expiresAt - Date.now()) / 1000)}. An operation that takes longer renews its token in time.`;
  const check = checkToken(baseUrl, reads, validity);
  if (check.verdict === "problem") return [check];
  return [check, ...(await checkAccount(reads, credentials, { owner: describeAccount(), readOnly }))];
}

function formatSeconds(exact: number): string {
  const seconds = Math.max(1, Math.round(exact));
  return seconds < 120 ? formatCount(seconds, "second") : formatCount(Math.round(seconds / 60), "minute");
}

/** Reports that the account of the identity is unknown, because no response of Datadog names this account. */
const describeAccount = (): Check => ({
  check: "owner",
  verdict: "unknown",
  found:
    "Datadog does not report which account it maps the identity to. This account becomes the creator of connections. Datadog deletes a " +
    "connection when its creator is deactivated.",
  next: "Check in Datadog that the persona mapping of the identity is to a service account.",
});

/**
 * The claims that show whose identity a token proves: its issuer, and the claims that mappings in Datadog can compare.
 * https://docs.datadoghq.com/api/latest/cloud-authentication/
 */
const SUBJECT_CLAIMS = [
  "iss",
  "sub",
  "email",
  "oid",
  "repository",
  "environment",
  "ref",
  "event_name",
] as const;

const claimsSchema = v.record(v.string(), v.unknown());
const audienceSchema = v.union([v.string(), v.array(v.string())]);

/** Matches a token (JWT), optionally with `oidc-` before it or the UUID of an organization after it. Captures the payload. */
const JWT_PROOF = /^(?:oidc-)?[\w-]+\.([\w-]+)\.[\w-]+(?::[\da-f-]{36})?$/i;

/** What a proof says, without the proof itself. */
export interface ProofDescription {
  /** What the proof is. For a token, this includes the claims that show whose identity it proves. Without a period at the end. */
  description: string;
  /** How long the proof is valid, in one or two sentences. For a token, this includes the audience. */
  validity: string;
}

/** Describes a proof without revealing it: the description of a token contains only some claims, and never the signature. */
export function describeProof(proof: string): ProofDescription {
  const claims = parseClaims(proof);
  if (!claims) {
    // Only the proofs of AWS are not tokens. A proof of AWS does not name the signer, because Datadog gets the name from AWS.
    return {
      description: "a request signed by the AWS role or user that `aws sts get-caller-identity` shows",
      validity: "AWS accepts the signature for a few minutes.",
    };
  }
  const known = SUBJECT_CLAIMS.flatMap((name) => {
    const value = claims[name];
    return typeof value === "string" ? [`${name} ${formatClaim(value)}`] : [];
  });
  const audience = v.safeParse(audienceSchema, claims["aud"]);
  const audiences = audience.success ? [audience.output].flat().map(formatClaim).join(", ") : "unknown";
  return {
    description: `a token with ${known.length === 0 ? "no claim that a mapping can compare" : known.join(", ")}`,
    validity: `Its audience is ${audiences}. ${formatExpiry(claims["exp"])}`,
  };
}

function parseClaims(proof: string): Record<string, unknown> | undefined {
  const payload = JWT_PROOF.exec(proof)?.[1];
  if (payload === undefined) return undefined;
  const parsed = v.safeParse(claimsSchema, parseJson(Buffer.from(payload, "base64url").toString("utf8")));
  return parsed.success ? parsed.output : undefined;
}

function formatExpiry(seconds: unknown): string {
  const date = new Date(typeof seconds === "number" ? seconds * 1000 : NaN);
  return Number.isNaN(date.getTime())
    ? "Its expiry time is unknown."
    : `It expires at ${date.toISOString()}.`;
}

const formatClaim = (text: string): string => `"${encodeText(text)}"`;
