import * as v from "valibot";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";

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
