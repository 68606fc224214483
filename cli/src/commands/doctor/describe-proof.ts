import * as v from "valibot";
import { encodeText } from "datadog-org-connections-core/api/escape-text.js";
import { parseJson } from "datadog-org-connections-core/api/parse-json.js";

/**
 * The claims that show whose token it is: the issuer, and those that mappings in Datadog compare.
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

/** The parts of a proof that is a token (JWT). It may have `oidc-` before it or an organization after it. */
const JWT_PROOF = /^(?:oidc-)?[\w-]+\.([\w-]+)\.[\w-]+(?::[\da-f-]{36})?$/i;

/** What a proof says, without the proof itself. */
export interface ProofDescription {
  /** What it is; for a token, with the claims that show whose identity it proves. Without a period at the end. */
  description: string;
  /** For whom and how long it is valid, in one or two sentences. */
  validity: string;
}

/** Describes a proof. Of a token, only some claims are read, and never its signature. */
export function describeProof(proof: string): ProofDescription {
  const claims = parseClaims(proof);
  if (!claims) {
    // Only AWS has proofs of another form. AWS itself says who has signed, not the proof.
    return {
      description: "a request that the AWS role or user of `aws sts get-caller-identity` has signed",
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
    ? "It is unknown when it expires."
    : `It expires at ${date.toISOString()}.`;
}

const formatClaim = (text: string): string => `"${encodeText(text)}"`;
