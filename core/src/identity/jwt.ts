import * as v from "valibot";
import { encodeText } from "../text/escape-text.js";
import { formatCount } from "../text/phrases.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { parseJson } from "../text/data.js";
import type { ProofContext } from "./proof-context.js";

/**
 * The maximum length of a token, in characters. A token is sent in a header, and the limit of servers for headers is between 8 and
 * 16 kB.
 */
export const MAX_TOKEN_LENGTH = 16 * 1024;

/** The claims that are read before a token is sent: https://www.rfc-editor.org/rfc/rfc7519#section-4.1. */
const claimsSchema = v.object({
  aud: v.union([v.string(), v.array(v.string())]),
  /** Seconds since the epoch, at most the maximum of `Date`. */
  exp: v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e12)),
  iss: v.optional(v.string()),
});

/** A JSON Web Token. Contains a credential: never print it. */
export interface Jwt {
  text: string;
  audiences: readonly string[];
  issuer: string | undefined;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt: number;
}

/** What messages say about the origin of a token. */
export interface TokenOrigin {
  /** The name of the origin, such as `DD_OIDC_TOKEN`. */
  name: string;
  /** What to do if the token is too long, or is not a JSON Web Token with an audience and an expiry time. */
  contentAdvice: string;
  /** What to do if the audience of the token is wrong. */
  audienceAdvice: string;
  /** What to do if the token has expired. */
  renewAdvice: string;
}

/**
 * Formats the audience that a token must have to prove an identity to an organization:
 * https://docs.datadoghq.com/api/latest/cloud-authentication/create-a-custom-oidc-provider/
 */
export const formatAudience = (organizationId: string): string => `${AUDIENCE_PREFIX}${organizationId}`;

const AUDIENCE_PREFIX = "datadog/";

const isDatadogAudience = (audience: string): boolean => audience.toLowerCase().startsWith(AUDIENCE_PREFIX);

/** Formats the first three audiences for messages. */
const formatAudiences = (audiences: readonly string[]): string =>
  audiences.length === 0
    ? "none"
    : audiences
        .slice(0, 3)
        .map((audience) => `"${encodeText(audience, 100)}"`)
        .join(", ");

/**
 * Parses a token, and checks its length and expiry time. Both checks only provide clearer messages. Does not verify the
 * signature, because Datadog verifies the token.
 *
 * @throws `identity-invalid`
 */
export function checkJwt(text: string, origin: TokenOrigin, context: ProofContext): Jwt {
  context.onToken?.(origin.name);
  const token = text.trim();
  if (token.length > MAX_TOKEN_LENGTH) {
    throw new OrgConnectionsError("identity-invalid", {
      happened:
        `The workload identity of ${context.label} cannot be proven: the token from ${origin.name} has more than ` +
        `${formatCount(MAX_TOKEN_LENGTH, "character")}.`,
      advice: origin.contentAdvice,
    });
  }
  const jwt = parseJwt(token);
  if (jwt === undefined) {
    throw new OrgConnectionsError("identity-invalid", {
      happened:
        `The workload identity of ${context.label} cannot be proven: the token from ${origin.name} is not a JSON Web Token (JWT) with an ` +
        `audience and an expiry time.`,
      advice: origin.contentAdvice,
    });
  }
  const now = context.now ?? Date.now;
  if (jwt.expiresAt > now()) return jwt;
  throw new OrgConnectionsError("identity-invalid", {
    happened:
      `The workload identity of ${context.label} cannot be proven: the token from ${origin.name} expired at ` +
      `${new Date(jwt.expiresAt).toISOString()}.`,
    advice: `${origin.renewAdvice} If the token is new, correct the clock of this machine.`,
  });
}

/**
 * Checks that a token was issued only for this organization. Datadog would refuse any other token without giving a reason, or could
 * issue an access token for another organization. The requests for this organization would then use that access token.
 *
 * @throws `identity-invalid`
 */
function checkAudience(
  { audiences }: Jwt,
  organizationId: string,
  origin: TokenOrigin,
  { label }: ProofContext,
): void {
  const expected = formatAudience(organizationId);
  const hasExpected = audiences.some((audience) => audience.toLowerCase() === expected.toLowerCase());
  const datadogAudiences = audiences.filter(isDatadogAudience);
  if (hasExpected && new Set(datadogAudiences.map((audience) => audience.toLowerCase())).size === 1) return;
  const problem = hasExpected
    ? `several organizations (${formatAudiences(datadogAudiences)}): Datadog could exchange it for an access token of any of them.`
    : `the wrong audience (${formatAudiences(audiences)}), not for "${expected}".`;
  throw new OrgConnectionsError("identity-invalid", {
    happened: `The workload identity of ${label} cannot be proven: the token from ${origin.name} was issued for ${problem}`,
    advice: origin.audienceAdvice,
  });
}

/** Parses a token, and checks its length, expiry time and audience. @throws `identity-invalid` */
export function checkToken(
  text: string,
  organizationId: string,
  origin: TokenOrigin,
  context: ProofContext,
): Jwt {
  const jwt = checkJwt(text, origin, context);
  checkAudience(jwt, organizationId, origin, context);
  return jwt;
}

/** Parses a token. Returns `undefined` if it is not a JSON Web Token with an audience and an expiry time. */
function parseJwt(text: string): Jwt | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(text)?.[1];
  if (payload === undefined) return undefined;
  const claims = v.safeParse(claimsSchema, parseJson(Buffer.from(payload, "base64url").toString("utf8")));
  if (!claims.success) return undefined;
  const { aud, exp, iss } = claims.output;
  return { text, audiences: [aud].flat(), issuer: iss, expiresAt: exp * 1000 };
}
