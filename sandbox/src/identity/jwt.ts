import { refuseCaller, type Identified } from "../call.js";
import type { SandboxContext } from "../sandbox-context.js";
import { ALGORITHM } from "./issuer.js";
import type { ClaimValue } from "../seed.js";

/** What a JWT contains, or why it is refused. */
type ReadClaims =
  { claims: Readonly<Record<string, unknown>>; problem?: never } | { claims?: never; problem: string };

const AUDIENCE_PREFIX = "datadog/";

/**
 * Identifies a workload by a JWT. The organization is the one in the audience, except for an access token of Azure, whose audience
 * is a service of Azure.
 *
 * @param organizationId - the UUID that is sent next to the token of Azure
 */
export async function identifyByJwt(
  context: Pick<SandboxContext, "store" | "issuer" | "now">,
  jwt: string,
  organizationId?: string,
): Promise<Identified> {
  const { store, issuer } = context;
  const { claims, problem } = await readClaims(context, jwt);
  if (!claims) return refuseCaller(401, `Unauthorized: ${problem}`);
  const issuers = store.identities.flatMap(({ identity }) =>
    identity.type === "jwt" ? [identity.issuer ?? issuer.url] : [],
  );
  // Without a mapping, the issuer of the sandbox is known nevertheless.
  if (![issuer.url, ...issuers].some((known) => known === claims["iss"]))
    return refuseCaller(401, "Unauthorized: the issuer of the token is unknown");

  const ids = organizationId === undefined ? listAudienceIds(claims["aud"]) : [organizationId];
  const organization = ids.flatMap((id) => store.findOrganizationById(id.toLowerCase()) ?? [])[0];
  // Assumption: a disabled organization is refused like an unknown one.
  if (!organization || organization.disabled)
    return refuseCaller(401, "Unauthorized: the audience of the token names no organization");

  const mapping = store.identities.find(
    ({ organization: key, identity }) =>
      key === organization.key &&
      identity.type === "jwt" &&
      (identity.issuer ?? issuer.url) === claims["iss"] &&
      hasClaims(identity.claims, claims),
  );
  return mapping
    ? { organization, grant: { user: mapping.user, scopes: mapping.scopes } }
    : refuseCaller(403, "Forbidden: no user of the organization is mapped to the claims of the token");
}

/** Checks the signature and the times of a JWT, and returns its claims. */
async function readClaims(
  { issuer, now }: Pick<SandboxContext, "issuer" | "now">,
  jwt: string,
): Promise<ReadClaims> {
  const { createLocalJWKSet, errors, jwtVerify } = await import("jose");
  const keys = createLocalJWKSet(await issuer.readKeySet());
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      algorithms: [ALGORITHM],
      currentDate: now(),
      requiredClaims: ["iss", "sub", "aud", "exp"],
    });
    return { claims: payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { problem: "the token has expired" };
    if (error instanceof errors.JOSEError)
      return { problem: "the token has no valid signature of the issuer, or lacks a claim" };
    throw error;
  }
}

/** Lists the UUIDs in the audiences that have Datadog's form. */
function listAudienceIds(audience: unknown): string[] {
  const audiences: unknown[] = Array.isArray(audience) ? audience : [audience];
  return audiences.flatMap((one) =>
    typeof one === "string" && one.startsWith(AUDIENCE_PREFIX) ? [one.slice(AUDIENCE_PREFIX.length)] : [],
  );
}

/** Whether a token has all claims of a mapping. */
function hasClaims(
  expected: Readonly<Record<string, ClaimValue>>,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const claim = claims[name];
    return Array.isArray(claim) ? claim.includes(value) : claim === value;
  });
}
